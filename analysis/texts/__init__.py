"""What citizens write: finding what names a person, words, themes."""
