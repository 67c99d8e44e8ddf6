"""Vietnamese texts as columns: words, likeness, and which theme a comment may belong to."""

from analysis.texts.segmentation import plain, segment
from analysis.texts.similarity import Vectors, most_similar, vectors
from analysis.texts.themes import Suggestion, Theme, suggest

__all__ = [
    "Suggestion",
    "Theme",
    "Vectors",
    "most_similar",
    "plain",
    "segment",
    "suggest",
    "vectors",
]
