"""What promotions do, one module each; `kinds` lists them.

A new effect is one module, named once in `kinds`, with three classes:
- its fields, as the contract has them: a frozen msgspec Struct with the tag `kind` that offers
  `money_fields()`, `errors()`, `compiled()` and `phrases()`;
- its rule: the same made ready, with a `lane` and `plan(lines=, eligible=)`;
- its plan (`plan.Plan`): the rule at one cart, which is asked for each combination that is tried.
"""
