"""The yardstick: the least that a Django view with REST framework can cost.

No middleware, one `APIView` without authentication, parsing or database that answers `{}`, served by
a Granian with the options of the service.
"""
