"""How a model gives everybody a segment: nearest prototype, or posterior of a mixture.

One form for all methods: each segment has an affinity, the largest wins. It is what SQL computes from parameter rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import logsumexp

from dbt_segmentation.arrays import Array, Labels, squared_distances


@dataclass(frozen=True)
class Assignment:
    """Segments made of parts.

    Attributes
    ----------
    centers : array of shape (m, p)
        Prototypes, or means of mixture components; a segment that isn't round has several.
    owners : array of shape (m,)
        Position of the segment that each part belongs to.
    n_segments : int
        Number of segments.
    factors : array of shape (m, p, p) or None
        Of a mixture: (x - center) @ factor has unit variance within the component.
    constants : array of shape (m,) or None
        Of a mixture: logarithm of weight times density at the centre.
    noise : (int, float) or None
        Position of the segment of those who are near nobody, and the distance from which on they belong there.
    """

    centers: Array
    owners: Labels
    n_segments: int
    factors: Array | None = None
    constants: Array | None = None
    noise: tuple[int, float] | None = None

    @classmethod
    def of_prototypes(cls, prototypes: Array) -> "Assignment":
        """One prototype a segment, in order."""
        return cls(prototypes, np.arange(len(prototypes)), len(prototypes))

    @property
    def is_mixture(self) -> bool:
        """Whether affinities are logarithms of densities."""
        return self.factors is not None

    def affinities(self, points: Array) -> Array:
        """Affinity of points of shape (n, p) to each segment, shape (n, n_segments).

        Nearest prototype: minus half the squared distance. Mixture: logarithm of weight times density.
        """
        parts = self._part_affinities(points)
        found = np.full((len(points), self.n_segments), -np.inf)
        for segment in np.unique(self.owners):
            own = parts[:, self.owners == segment]
            if own.shape[1] == 1:
                found[:, segment] = own[:, 0]
            else:
                found[:, segment] = logsumexp(own, axis=1) if self.is_mixture else own.max(axis=1)
        if self.noise is not None:
            found[:, self.noise[0]] = self.noise[1] ** 2 / -2.0
        return found

    def _part_affinities(self, points: Array) -> Array:
        if self.factors is None or self.constants is None:
            return squared_distances(points, self.centers) / -2.0
        parts = np.empty((len(points), len(self.centers)))
        for j, (center, factor, constant) in enumerate(zip(self.centers, self.factors, self.constants, strict=True)):
            parts[:, j] = constant - (((points - center) @ factor) ** 2).sum(axis=1) / 2.0
        return parts

    def part_shares(self, points: Array) -> Array:
        """How much of each point belongs to each part, shape (n, m).

        All of it to the nearest prototype; to components of a mixture by their posterior; nothing where a point is near
        nobody.
        """
        parts = self._part_affinities(points)
        if self.is_mixture:
            posterior: Array = np.exp(parts - logsumexp(parts, axis=1, keepdims=True))
            return posterior
        shares = np.zeros_like(parts)
        near = np.ones(len(points), dtype=np.bool_)
        if self.noise is not None:
            near = self.assign(points) != self.noise[0]
        shares[np.flatnonzero(near), parts[near].argmax(axis=1)] = 1.0
        return shares

    def fused(self, gone: int, into: int, points: Array, counted: Array) -> "Assignment":
        """Let one part of a segment go up in another: its centre becomes the mean of what both have.

        Parameters
        ----------
        gone, into : int
            Numbers of parts of the same segment.
        counted : array of shape (n, m)
            How much each part has of each point. The covariance of a component stays as it is.
        """
        centers, constants = self.centers.copy(), None if self.constants is None else self.constants.copy()
        both = counted[:, gone] + counted[:, into]
        if both.sum() > 0:
            centers[into] = both @ points / both.sum()
        if constants is not None and counted[:, into].sum() > 0:
            constants[into] += np.log(both.sum() / counted[:, into].sum())
        keep = np.arange(len(centers)) != gone
        return replace(
            self,
            centers=centers[keep],
            owners=self.owners[keep],
            factors=None if self.factors is None else self.factors[keep],
            constants=None if constants is None else constants[keep],
        )

    def assign(self, points: Array) -> Labels:
        """Position of the segment of each point; the lowest position on a tie."""
        labels: Labels = self.affinities(points).argmax(axis=1).astype(np.int64)
        return labels

    @property
    def peaks(self) -> Array:
        """Affinity at distance zero from each segment, shape (n_segments,)."""
        if self.constants is None:
            return np.zeros(self.n_segments)
        return np.array([self.constants[self.owners == segment].max() for segment in range(self.n_segments)])

    @property
    def middles(self) -> Array:
        """Mean of the parts of each segment, shape (n_segments, p); zeros for that of those who are near nobody."""
        parts = [self.centers[self.owners == segment] for segment in range(self.n_segments)]
        return np.stack([own.mean(axis=0) if len(own) else np.zeros(self.centers.shape[1]) for own in parts])

    def distances(self, points: Array, labels: Labels) -> Array:
        """Distance of each point to its segment; Mahalanobis' for a mixture, from the densest part."""
        own = self.affinities(points)[np.arange(len(points)), labels]
        distance: Array = np.sqrt(np.maximum(2.0 * (self.peaks[labels] - own), 0.0))
        return distance

    def reordered(self, order: Sequence[int]) -> "Assignment":
        """Put the same segments in another order, the one at order[0] first."""
        position = np.empty(self.n_segments, dtype=np.int64)
        position[list(order)] = np.arange(self.n_segments)
        noise = None if self.noise is None else (int(position[self.noise[0]]), self.noise[1])
        parts = np.argsort(position[self.owners], kind="stable")
        return replace(
            self,
            centers=self.centers[parts],
            owners=position[self.owners][parts],
            factors=None if self.factors is None else self.factors[parts],
            constants=None if self.constants is None else self.constants[parts],
            noise=noise,
        )

    def merged(self, gone: int, into: int) -> "Assignment":
        """Let the segment at `gone` join the one at `into`; later positions move up by one."""
        owners = np.where(self.owners == gone, into, self.owners)
        noise = self.noise
        if noise is not None and gone == noise[0]:
            noise = None
        if noise is not None and into == noise[0]:
            # who joins the crowd that is near nobody has no prototype any more
            keep = owners != into
            return replace(
                self, centers=self.centers[keep], owners=owners[keep] - (owners[keep] > gone),
                n_segments=self.n_segments - 1, noise=(noise[0] - (noise[0] > gone), noise[1]),
            )  # fmt: skip
        if noise is not None:
            noise = (noise[0] - (noise[0] > gone), noise[1])
        return replace(self, owners=owners - (owners > gone), n_segments=self.n_segments - 1, noise=noise)

    def segment_centers(self, points: Array, labels: Labels, weights: Array | None) -> Array:
        """Mean of each segment's points, shape (n_segments, p); NaN where it has none."""
        share = np.ones(len(points)) if weights is None else weights
        total = np.bincount(labels, share, minlength=self.n_segments)
        sums = np.column_stack(
            [np.bincount(labels, share * points[:, i], minlength=self.n_segments) for i in range(points.shape[1])]
        )
        with np.errstate(invalid="ignore"):
            centers: Array = sums / total[:, None]
        return centers
