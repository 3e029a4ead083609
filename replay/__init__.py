"""A year of a real grocer's coupons, played against a running service over HTTP.

    reading    the CSV files as they are          }
    history    baskets become orders              } plain values: no network, no clock
    plan       what to do and what must come out  }
    bodies     the same in the contract's words   }
    calls      HTTP with connections that are kept
    run        what all parts of one run share
    shop       set up: customers, segments, promotions, codes, orders
    player     the redemptions, each after its four refusals
    progress   a bar
    tally      what was expected, what was found, and the difference

Nothing here knows the service from inside: it is a storefront developer who read the contract.
"""
