"""Catalogues of texts, and what keeps them in step with the code and the templates."""
