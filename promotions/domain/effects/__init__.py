"""What promotions do, one module each; `kinds` lists them.

A new effect is one module with two classes (the fields of the contract, and the same made ready to
take from a basket), named once in `kinds`. Its fields class is a frozen msgspec Struct with the tag
`kind`, and offers what `FixedAmount` and `Percentage` offer: `money_fields()`, `errors()`,
`compiled()` and `phrases()`.
"""
