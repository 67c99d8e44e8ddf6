"""How alike texts are: the cosine of their TF-IDF vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from analysis.arrays import Floats
from analysis.texts.segmentation import plain, segment, syllables


@dataclass(frozen=True)
class Vectors:
    """Texts as rows of unit length; `model` turns further texts into rows."""

    rows: sparse.csr_array
    model: Any

    def of(self, texts: Sequence[str]) -> sparse.csr_array:
        """Further texts in the same columns."""
        return sparse.csr_array(self.model.transform(texts))


def features(text: str) -> list[str]:
    """What a text is compared by: its words, and pairs of syllables without marks.

    The pairs let a text typed without marks resemble one with marks; single syllables without
    marks mean too many things ("cho" is to wait, to give, or a place).
    """
    bare = [plain(one) for one in syllables(text)]
    return segment(text) + [f"{a}~{b}" for a, b in pairwise(bare)]


def vectors(texts: Sequence[str]) -> Vectors:
    """TF-IDF of texts, with smoothed inverse frequencies and rows of length one.

    References
    ----------
    Salton & Buckley (1988), Information Processing & Management 24, 513-523.
    """
    # Loading it takes a second, and few processes compare texts.
    from sklearn.feature_extraction.text import TfidfVectorizer

    model = TfidfVectorizer(analyzer=features, sublinear_tf=True)
    if not any(features(text) for text in texts):
        return Vectors(sparse.csr_array((len(texts), 1)), _Nothing())
    return Vectors(sparse.csr_array(model.fit_transform(texts)), model)


def most_similar(
    texts: Sequence[str], to: str, *, limit: int = 5, least: float = 0.2
) -> list[tuple[int, float]]:
    """Places of the texts most like one, with the cosine, the most alike first."""
    if not texts:
        return []
    known = vectors([*texts, to])
    cosines: Floats = (known.rows[:-1] @ known.rows[-1:].T).toarray().ravel()
    order = np.argsort(-cosines, kind="stable")[:limit]
    return [(int(place), float(cosines[place])) for place in order if cosines[place] >= least]


class _Nothing:
    """The model of texts without any word."""

    def transform(self, texts: Sequence[str]) -> sparse.csr_array:
        return sparse.csr_array((len(texts), 1))
