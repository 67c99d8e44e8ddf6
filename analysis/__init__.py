"""Survey statistics as pure computation: columns in, frozen results and figures out."""
