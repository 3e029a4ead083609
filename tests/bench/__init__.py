"""The benchmarks' own judgement: what they count, compare and call a failure."""
