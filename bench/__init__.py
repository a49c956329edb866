"""Side-by-side benchmarks: every figure in the documentation comes from here."""
