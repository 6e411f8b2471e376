(function () {
  "use strict";
  var figures = JSON.parse(document.getElementById("figures").textContent);
  var narrowQuery = window.matchMedia("(max-width: 640px)");
  var config = { displayModeBar: false, displaylogo: false, responsive: false, showTips: false };

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
      shown.layout.width = Math.min(width || Infinity, element.clientWidth) || 320;
      element.style.minHeight = shown.layout.height + "px";
      return window.Plotly.react(element, shown.data, shown.layout, config);
    }));
  }

  // where a table of snapshots does not fit, the latest are in sight
  document.querySelectorAll(".latest").forEach(function (box) { box.scrollLeft = box.scrollWidth; });

  function ready() {
    document.documentElement.setAttribute("data-charts", "drawn");
  }

  // a chart follows its own box: the window's size says nothing about scroll bars or print
  function follow() {
    var widths = new Map();
    var observer = new ResizeObserver(function (entries) {
      entries.forEach(function (entry) {
        var width = Math.round(entry.contentRect.width);
        if (width && widths.get(entry.target) !== width) {
          widths.set(entry.target, width);
          window.Plotly.relayout(entry.target, { width: width });
        }
      });
    });
    figures.forEach(function (figure) { observer.observe(document.getElementById(figure.id)); });
  }

  if (figures.length) {
    draw().then(function () { follow(); ready(); });
    narrowQuery.addEventListener("change", function () { draw(); });
    window.addEventListener("beforeprint", function () { draw(640); });
    window.addEventListener("afterprint", function () { draw(); });
  } else {
    ready();
  }
})();
