"""XLSForm → compiled questionnaire, its versions, and the check of answers against it.

`compilation` turns a workbook into a form, `records` says what a questionnaire is, `answers`
checks what people send, `versions` publishes and loads. docs/questionnaire.md is for authors.
"""
