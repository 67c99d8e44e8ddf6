"""Run every case of the reference files: read, rebuild the design, estimate, compare, report."""
