"""What citizens write, in Vietnamese: finding what names a person; words, likeness and themes.

`personal` and `spans` cover texts and load nothing heavy; `segmentation`, `similarity` and
`themes` load word segmentation and sparse matrices when they are first asked.
"""
