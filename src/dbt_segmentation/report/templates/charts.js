(function () {
  "use strict";
  var figures = JSON.parse(document.getElementById("figures").textContent);
  var narrowQuery = window.matchMedia("(max-width: 640px)");
  var config = { displayModeBar: false, displaylogo: false, responsive: true, showTips: false };

  function set(target, path, value) {
    var parts = path.split(".");
    for (var i = 0; i < parts.length - 1; i++) {
      target[parts[i]] = target[parts[i]] || {};
      target = target[parts[i]];
    }
    target[parts[parts.length - 1]] = value;
  }

  function forWidth(figure, isNarrow) {
    var copy = JSON.parse(JSON.stringify(figure));
    if (isNarrow) {
      Object.keys(copy.narrow).forEach(function (path) {
        if (path.indexOf("data.") === 0) {
          set(copy.data[0], path.slice(5), copy.narrow[path]);
        } else {
          set(copy.layout, path, copy.narrow[path]);
        }
      });
    }
    return copy;
  }

  function draw(width) {
    return Promise.all(figures.map(function (figure) {
      var element = document.getElementById(figure.id);
      var shown = forWidth(figure, narrowQuery.matches);
      if (width) {
        shown.layout.width = Math.min(width, element.clientWidth || width);
      }
      element.style.minHeight = shown.layout.height + "px";
      return window.Plotly.react(element, shown.data, shown.layout, config);
    }));
  }

  function ready() {
    document.documentElement.setAttribute("data-charts", "drawn");
  }

  if (figures.length) {
    draw().then(ready);
    narrowQuery.addEventListener("change", function () { draw(); });
    window.addEventListener("beforeprint", function () { draw(680); });
    window.addEventListener("afterprint", function () { draw(); });
  } else {
    ready();
  }
})();
