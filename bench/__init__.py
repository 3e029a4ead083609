"""`make bench`: how fast, how flat, how large; the method is in docs/benchmarks.md.

It knows the service by HTTP and by SQL alone: no app of the house is imported.
"""
