"""The demo province: Khánh Hòa in Q1/2021 and its successors of 2025 (docs/demo.md).

`register` writes the files that `sipas import` takes; `citizens` says who answers what.
"""
