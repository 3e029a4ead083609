"""How a letter looks: a sheet on paper, 600 px wide, calm, by day and by night."""

from campaigns.domain.letters.colours import Palette

#: None of these is loaded from anywhere: each is there or the next is taken.
FONTS = "-apple-system, BlinkMacSystemFont, 'Segoe UI', Helvetica, Arial, sans-serif"
MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Courier New', monospace"

#: They let the device choose the colours, and leave figures and addresses as they are.
METAS = (
    '<meta name="color-scheme" content="light dark">'
    '<meta name="supported-color-schemes" content="light dark">'
    '<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">'
)

#: Left and right within the sheet.
EDGE = 32


def head(*, title: str, preview: str, day: Palette, night: Palette) -> str:
    """The `mj-head`. Title and preview are marks."""
    return (
        f"<mj-head><mj-title>{title}</mj-title><mj-preview>{preview}</mj-preview>"
        f'<mj-attributes><mj-all font-family="{FONTS}"/>'
        f'<mj-text font-size="16px" line-height="1.6" color="{day.ink}"'
        f' padding="0px {EDGE}px 20px {EDGE}px"/>'
        '<mj-section padding="0"/>'
        f'<mj-image padding="0px {EDGE}px 24px {EDGE}px"/>'
        f'<mj-button padding="4px {EDGE}px 28px {EDGE}px"'
        f' inner-padding="15px 30px" border-radius="10px"'
        f' font-size="16px" font-weight="600" line-height="1.3" background-color="{day.button}"'
        f' color="{day.on_button}"/>'
        "</mj-attributes>"
        f"<mj-style>{_ALWAYS}{_by_night(night)}</mj-style></mj-head>"
    )


_ALWAYS = f"""
:root {{ color-scheme: light dark; supported-color-schemes: light dark; }}
body {{ -webkit-font-smoothing: antialiased; }}
img {{ font-family: {FONTS}; }}
.words {{ overflow-wrap: anywhere; text-wrap: pretty; }}
.words h1, .below div {{ text-wrap: balance; }}
.link {{ text-underline-offset: 3px; }}
.card a {{ color: inherit; text-decoration: none; }}
@media only screen and (max-width:479px) {{
.heading div {{ font-size: 24px !important; }}
.box {{ padding: 16px 14px !important; }}
.box span {{ letter-spacing: 0.5px !important; }}
.card > table > tbody {{ display: flex; align-items: center; }}
.card > table > tbody > tr:first-child:not(:last-child) {{ flex: 0 0 36%; }}
.card > table > tbody > tr > td {{ padding-bottom: 18px !important; }}
}}
"""


def _by_night(night: Palette) -> str:
    """For mail programs that ask the device, and for those of Outlook that mark what they turn."""
    rules = {
        "body, .paper": f"background-color: {night.paper}",
        ".sheet, .sheet > table": f"background: {night.room}; background-color: {night.room}",
        ".ink div": f"color: {night.ink}",
        ".faint div": f"color: {night.faint}",
        ".link": f"color: {night.link}",
        ".shop div": f"color: {night.link}",
        ".box": f"background-color: {night.mild}; border-color: {night.link}",
        ".panel": f"background-color: {night.mild}",
        ".box-ink": f"color: {night.ink}",
        ".box-faint": f"color: {night.faint}",
        ".button table td, .button a": f"background: {night.button}; color: {night.on_button}",
    }
    asked = "".join(f"{names} {{ {_important(style)} }}\n" for names, style in rules.items())
    turned = "".join(
        f"{', '.join(f'[data-ogsc] {name}' for name in names.split(', '))} {{ {_important(style)} }}\n"
        for names, style in rules.items()
        if not names.startswith("body")
    )
    return f"@media (prefers-color-scheme: dark) {{\n{asked}}}\n{turned}"


def _important(style: str) -> str:
    return " ".join(f"{part.strip()} !important;" for part in style.split(";"))
