ESTIMATORS: dict[str, object] = {}
