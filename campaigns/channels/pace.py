"""How fast mail goes, all workers together: a generic cell rate in Redis.

One of the rate is taken right before a message is handed over, and not for some of them at once: what is
kept in a hand for a while comes in a heap at the server. While Redis is away each process keeps to its
share of the rate by itself, so mail is slower then, and never too fast.
"""

import time
from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from threading import Lock

from django.conf import settings

from campaigns.domain.pace import (
    BURST_SECONDS,
    GROWTH_A_MINUTE,
    LEAST_SHARE,
    SECONDS_BETWEEN_HALVES,
    MailboxKind,
    Rates,
    mailbox_kind,
    spend,
)
from campaigns.domain.replies import Reply
from common import redis

#: Whoever would have to wait longer does something else.
LONGEST_WAIT = 2.0
_SECONDS_TAKEN_ON = 4
_PREFIX = "promotions:pace"
_LIVES_MS = 3_600_000

# In microseconds. A kind without a rate of its own that was halved has a share of the account's. A rate that was halved grows again with time: nothing has to run for that.
_RATE = f"""
local function rate_of(base, name)
  local halved = redis.call('HMGET', '{_PREFIX}:slow:' .. name, 'share', 'at')
  if not halved[1] then return base end
  local share = tonumber(halved[1]) * {GROWTH_A_MINUTE} ^ ((now - tonumber(halved[2])) / 60000000)
  return base * math.min(1, share)
end
local time = redis.call('TIME')
now = time[1] * 1000000 + time[2]
"""
# ARGV: rate of the account, kind, rate of the kind, 1 if urgent, 1 to take. Answers how long to wait.
_TAKE = f"""
local now
{_RATE}
local kind, is_urgent, takes = ARGV[2], ARGV[4] == '1', ARGV[5] == '1'
local wait = redis.call('PTTL', '{_PREFIX}:rest') * 1000
if wait < 0 then wait = 0 end
local limits = {{}}
for _, limit in ipairs({{{{'account', tonumber(ARGV[1])}}, {{kind, tonumber(ARGV[3])}}}}) do
  local name, base = limit[1], limit[2]
  if base == 0 and redis.call('EXISTS', '{_PREFIX}:slow:' .. name) == 1 then base = tonumber(ARGV[1]) end
  if base > 0 then
    local rate = rate_of(base, name)
    local interval = 1000000 / rate
    local begins = math.max(tonumber(redis.call('GET', '{_PREFIX}:spent:' .. name) or 0), now)
    local ahead = math.max({BURST_SECONDS} * 1000000 - interval, 0)
    wait = math.max(wait, begins - ahead - now)
    limits[#limits + 1] = {{'{_PREFIX}:spent:' .. name, begins + interval}}
  end
end
if is_urgent then
  if wait > 0 and takes then
    redis.call('SET', '{_PREFIX}:urgent', 1, 'PX', math.ceil(wait / 1000) + 1000)
  end
else
  local first = redis.call('PTTL', '{_PREFIX}:urgent')
  if first > 0 then wait = math.max(wait, first * 1000) end
end
if wait > 0 then return math.ceil(wait) end
if takes then
  for _, limit in ipairs(limits) do
    redis.call('SET', limit[1], string.format('%.0f', limit[2]), 'PX', {_LIVES_MS})
  end
end
return 0
"""
# ARGV: name, milliseconds to be left alone.
_SLOW_DOWN = f"""
local now
{_RATE}
local name = ARGV[1]
local key = '{_PREFIX}:slow:' .. name
local at = tonumber(redis.call('HGET', key, 'at') or 0)
if now - at >= {SECONDS_BETWEEN_HALVES} * 1000000 then
  local share = math.max({LEAST_SHARE}, rate_of(1, name) / 2)
  redis.call('HSET', key, 'share', tostring(share), 'at', string.format('%.0f', now))
  redis.call('PEXPIRE', key, {_LIVES_MS})
end
return 1
"""


class Pace:
    """The rate as one worker meets it. `is_urgent`: what customers wait for goes first."""

    def __init__(self, *, is_urgent: bool) -> None:
        self._is_urgent = is_urgent
        self._rates = Rates(settings.MAIL_RATE, settings.MAIL_DOMAIN_RATES)
        # A provider may ask to be left alone, even where no rate is set.
        self._is_active = self._rates.is_limited or bool(settings.EMAIL_PROVIDER)
        #: How many messages were told that there is no room for them soon.
        self.turned_away = 0

    def most(self, at_once: int) -> int:
        """How many messages it makes sense to take on: what goes in a few seconds."""
        rate = self._rates.account
        return min(at_once, max(ceil(rate * _SECONDS_TAKEN_ON), 1)) if rate > 0 else at_once

    def wait_for(self, address: str) -> float:
        """Take one of the rate; else for how many seconds there is none."""
        if not self._is_active:
            return 0
        return self._asked(mailbox_kind(address), takes=True)

    def room(self, addresses: Sequence[str]) -> list[float]:
        """For each message, in their order, in how many seconds it could go about; takes nothing.

        None waits for another kind of mailbox.
        """
        if not self._is_active:
            return [0.0] * len(addresses)
        begins: dict[MailboxKind, float] = {}
        found = []
        for address in addresses:
            kind = mailbox_kind(address)
            if kind not in begins:
                begins[kind] = self._asked(kind, takes=False)
            found.append(begins[kind])
            begins[kind] += self._seconds_each(kind)
        self.turned_away += sum(wait > LONGEST_WAIT for wait in found)
        return found

    def heed(self, reply: Reply, address: str) -> None:
        """Go slower where the server said that it was too fast, and leave it alone for as long as it asks."""
        if not self._is_active:
            return
        if reply.too_fast:
            _slow_down(mailbox_kind(address))
            if reply.too_fast == "account":
                _slow_down("account")
        if reply.rest:
            _rest(reply.rest)

    def _asked(self, kind: MailboxKind, *, takes: bool) -> float:
        waits = redis.ask(
            *("EVAL", _TAKE, 0, self._rates.account, kind, self._rates.of(kind)),
            *(int(self._is_urgent), int(takes)),
        )
        if waits is not None:
            return int(waits) / 1_000_000
        return _ALONE.wait(self._rates.share(max(settings.MAIL_WORKERS, 1)), kind, takes=takes)

    def _seconds_each(self, kind: MailboxKind) -> float:
        rates = [rate for rate in (self._rates.account, self._rates.of(kind)) if rate > 0]
        return 1 / min(rates) if rates else 0.0


class _Alone:
    """What this process has spent of its share: all its threads together."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._spent_until: dict[str, float] = {}

    def wait(self, rates: Rates, kind: MailboxKind, *, takes: bool) -> float:
        """As Redis would answer."""
        limits = [("account", rates.account), (kind, rates.of(kind))]
        with self._lock:
            now = time.monotonic()
            spent = {
                name: spend(self._spent_until.get(name, 0.0), rate=rate, now=now, burst=0)
                for name, rate in limits
                if rate > 0
            }
            wait = max((wait for wait, _ in spent.values()), default=0.0)
            if takes and wait == 0:
                self._spent_until |= {name: until for name, (_, until) in spent.items()}
            return wait


_ALONE = _Alone()


def _slow_down(name: str) -> None:
    redis.ask("EVAL", _SLOW_DOWN, 0, name)


def _rest(rest: timedelta) -> None:
    milliseconds = int(rest.total_seconds() * 1000)
    if milliseconds > 0:
        redis.ask("SET", f"{_PREFIX}:rest", 1, "PX", milliseconds)
