"""Who calls the addresses in a mail: a person, or one of the machines on the mail's way.

What the machines call themselves is known from their makers and from others who count:

- Apple's Mail Privacy Protection loads every picture as `Mozilla/5.0`, word for word, whether the mail
  is read or not (mailgun.com/blog/product/bot-detection, support.clickdimensions.com "Adjusted Opens").
- Gmail names its proxy GoogleImageProxy; beforehand it loads as an Edge of old that ends in a second
  `Mozilla/5.0` (bird.com/blog/gmail-prefetching-images). Yahoo and AOL name YahooMailProxy
  (help.yahoo.com/kb/SLN28749.html).
- Outlook's protection asks as "Microsoft Office Existence Discovery" whether an address exists, other
  scanners name their maker, and some look at all links at once (Adobe Marketo Engage, "Filtering Email
  Bot Activity": nearness in time).
"""

import re
from datetime import timedelta
from typing import Literal

Agent = Literal["human", "proxy", "bot", "unknown"]

#: What counts as a person's: nothing says that it was a machine.
BY_PEOPLE: tuple[Agent, ...] = ("human", "unknown")
#: People read a mail no sooner after it was handed over, and follow no more than one link within it.
INSTANT = timedelta(seconds=2)
#: So many different links within an instant are a scanner's work, or all of them where there are two.
AT_ONCE = 3

_PROXIES = re.compile(r"GoogleImageProxy|YahooMailProxy|Edge/12\.246 Mozilla/5\.0$|^Mozilla/5\.0$")
#: Of a phone by Cubot the maker's name ends like that of a robot.
_BOTS = re.compile(
    r"(?<!cu)bot\b|crawler|spider|scanner|headless|preview"
    r"|existence discovery|protocol discovery|safelinks"
    r"|barracuda|bitdefender|fireeye|forcepoint|fortimail|ironport|kaspersky|messagelabs|mimecast"
    r"|proofpoint|sophos|symantec|trend ?micro|websense"
    r"|facebookexternalhit|whatsapp|urlscan|virustotal",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(
    r"AppleWebKit/|Gecko/|Trident/|MSIE |Opera/|Thunderbird/|Microsoft Outlook|Outlook-(iOS|Android)"
)


def agent_of(*, user_agent: str, method: str, since_sent: timedelta | None) -> Agent:
    """Who calls, as far as one call tells. `since_sent` is None where nobody knows.

    >>> agent_of(user_agent="Mozilla/5.0", method="GET", since_sent=None)
    'proxy'
    >>> agent_of(user_agent="Mozilla/5.0 (X11) Gecko/1 Firefox/1", method="HEAD", since_sent=None)
    'bot'
    """
    if method != "GET" or _BOTS.search(user_agent):
        return "bot"
    if _PROXIES.search(user_agent):
        return "proxy"
    if since_sent is not None and timedelta(0) <= since_sent < INSTANT:
        return "bot"
    return "human" if _PROGRAMS.search(user_agent) else "unknown"


def is_scan(*, links_at_once: int, links_in_all: int) -> bool:
    """Whether so many different links of a letter with so many, called within an instant, were a scanner's.

    >>> is_scan(links_at_once=2, links_in_all=2), is_scan(links_at_once=2, links_in_all=9)
    (True, False)
    >>> is_scan(links_at_once=1, links_in_all=1)
    False
    """
    return links_at_once >= max(2, min(AT_ONCE, links_in_all))
