"""Between the contract's shape of a campaign and the fields of the form.

What was not touched keeps the value that it had, and what the form has no field for stays.
"""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

import msgspec
from django import forms

from campaigns.domain.definition import LANGUAGES, CampaignDefinition, definition_errors
from campaigns.forms.choices import AHEAD, AT_A_TIME
from campaigns.forms.variants import place_in_rows, rows_of, variants_from
from common.api.bodies import convert
from common.api.problems import told
from common.errors import FieldError, ValidationFailed
from common.forms.amounts import decimal_text
from common.forms.paths import at_path, plain, put_at
from common.forms.problems import nearest
from common.words import language_in_use

#: Where each field of the form stands in the contract's shape.
PATHS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "channel": ("channel",),
    "purpose": ("purpose",),
    "segments": ("audience", "segments"),
    "exclude_segments": ("audience", "exclude_segments"),
    "promotion_id": ("promotion_id",),
    "code_valid_days": ("code_valid_days",),
    "slot": ("slot",),
    "timezone": ("timezone",),
    "expires_after_hours": ("expires_after_hours",),
    "priority": ("priority",),
}
#: The fields of a trigger by what the contract calls them, and for which kinds.
TRIGGER_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "at": ("at", ("once",)),
    "rrule": ("rrule", ("recurring",)),
    "local_time": ("local_time", AT_A_TIME),
    "days_before": ("days_before", AHEAD),
    "days": ("days", ("inactive",)),
    "order_status": ("status", ("order",)),
    "event_name": ("name", ("event",)),
    "delay_minutes": ("delay_minutes", ("order", "event")),
    "entered_segment": ("segment_id", ("segment_entered",)),
}
_QUIET = ("quiet_from", "quiet_until")
_PLACEMENT = ("pages", "queries", "categories", "max_views")
#: Fields of which a few stand for one member of the contract.
TRIGGER_NAMES = ("trigger_kind", *TRIGGER_FIELDS)
_FIELDS = (
    {"/".join(("", *path)): name for name, path in PATHS.items()}
    | {f"/trigger/{member}": name for name, (member, _) in TRIGGER_FIELDS.items()}
    | {
        f"/content/{language}/{part}": f"{part}_{language}"
        for language in LANGUAGES
        for part in ("subject", "body")
    }
    | {
        **{f"/placement/{name}": name for name in _PLACEMENT},
        "/trigger": "trigger_kind", "/variants": "variants", "/content": "subject_de", "/holdout_percent": "holdout_percent",
        "/quiet_hours/from": "quiet_from", "/quiet_hours/until": "quiet_until",
    }
)  # fmt: skip
_NEW: dict[str, Any] = {
    "name": "-",
    "trigger": {"kind": "once", "at": "2000-01-01T00:00:00Z"},
    "quiet_hours": {"from": "21:00", "until": "08:00"},
}


def initial_of(definition: CampaignDefinition | None) -> dict[str, Any]:
    """The values of the form; None: those of a new campaign."""
    shape = msgspec.to_builtins(definition or msgspec.convert(_NEW, CampaignDefinition))
    initial = {name: at_path(shape, path) for name, path in PATHS.items()}
    trigger = shape["trigger"]
    initial |= {
        name: trigger[member]
        for name, (member, kinds) in TRIGGER_FIELDS.items()
        if trigger["kind"] in kinds
    }
    initial["trigger_kind"] = trigger["kind"]
    for language in LANGUAGES:
        text = shape["content"].get(language) or {}
        initial |= {f"{part}_{language}": text.get(part, "") for part in ("subject", "body")}
    initial["variants"] = rows_of(shape["variants"])
    initial |= {name: (shape["placement"] or {}).get(name) for name in _PLACEMENT}
    quiet = shape["quiet_hours"]
    percent = shape["holdout_percent"]
    initial |= {
        "promotion_id": shape["promotion_id"] or "",
        "slot": shape["slot"] or "",
        "holdout_percent": decimal_text(percent, language=language_in_use()),
        "quiet_from": quiet["from"] if quiet else "",
        "quiet_until": quiet["until"] if quiet else "",
    }
    if definition is None:
        initial |= {"name": "", "at": None}
    elif trigger["kind"] == "once":
        initial["at"] = definition.trigger.at  # type: ignore[union-attr]  # of this kind
    return initial


def definition_from(
    form: forms.ModelForm, *, original: CampaignDefinition | None
) -> CampaignDefinition:
    """What a cleaned form says, laid over what was there.

    Raises:
        ValidationFailed: as the API would refuse it, or with nothing more than the form's errors.
    """
    cleaned, changed = form.cleaned_data, set(form.changed_data)
    new = msgspec.to_builtins(msgspec.convert(_NEW, CampaignDefinition))
    shape = msgspec.to_builtins(original) if original else deepcopy(new)
    is_new = original is None
    _put_plain(shape, form, new, names=PATHS.keys() if is_new else PATHS.keys() & changed)
    if is_new or changed & set(TRIGGER_NAMES):
        shape["trigger"] = _trigger(form, new["trigger"])
    if is_new or changed & {*_PLACEMENT, "channel"}:
        shape["placement"] = _placement(cleaned) if shape["channel"] == "placement" else None
    shape["content"] = _content(cleaned, shape["content"])
    if "variants" in cleaned and "variants" in changed:
        shape["variants"] = variants_from(cleaned["variants"])
    if is_new or changed & set(_QUIET):
        shape["quiet_hours"] = _quiet_hours(cleaned)
    if is_new or "holdout_percent" in changed:
        shape["holdout_percent"] = cleaned.get("holdout_percent") or "0"
    definition: CampaignDefinition = convert(shape, CampaignDefinition)
    errors = definition_errors(definition)
    if errors or form.errors:
        raise ValidationFailed(errors=errors)
    return definition


def place_errors(form: forms.ModelForm, errors: Iterable[FieldError]) -> None:
    """Add each error to its field, in the words of the API, or to the form where none stands for it."""
    for error in place_in_rows(form, told(errors)):
        name = nearest(error.pointer, _FIELDS, form=form)
        if name is None or name not in form.errors:
            form.add_error(name, error.detail)


def _put_plain(
    shape: dict[str, Any], form: forms.ModelForm, new: Mapping[str, Any], *, names: Iterable[str]
) -> None:
    """The fields that stand for one member each. What was refused already is checked no further."""
    cleaned = form.cleaned_data
    for name in names:
        path = PATHS[name]
        put_at(shape, path, plain(cleaned[name]) if name in cleaned else at_path(new, path))
    for name in ("priority", "timezone"):
        if shape[name] is None:
            shape[name] = new[name]
    # Without a promotion there are no codes, and only a placement has a place.
    if shape["promotion_id"] is None:
        shape["code_valid_days"] = None
    if shape["channel"] != "placement":
        shape["slot"] = None


def _placement(cleaned: Mapping[str, Any]) -> dict[str, Any] | None:
    """None where nothing is asked of the place."""
    told = {name: cleaned[name] for name in _PLACEMENT if cleaned.get(name)}
    return told or None


def _quiet_hours(cleaned: Mapping[str, Any]) -> dict[str, str] | None:
    hours = [cleaned.get(name) or "" for name in _QUIET]
    return dict(zip(("from", "until"), hours, strict=True)) if any(hours) else None


def _trigger(form: forms.ModelForm, new: dict[str, Any]) -> dict[str, Any]:
    """Of the chosen kind, with its own fields alone; a stand-in where one of them was refused."""
    cleaned = form.cleaned_data
    kind = cleaned.get("trigger_kind") or ""
    members: dict[str, Any] = {"kind": kind}
    for name, (member, kinds) in TRIGGER_FIELDS.items():
        if kind not in kinds:
            # Nobody sees it, and it is not read.
            form.errors.pop(name, None)
            continue
        if name not in cleaned:
            return new
        value = plain(cleaned[name])
        if value is not None:
            members[member] = value
    return members


def _content(cleaned: Mapping[str, Any], former: Mapping[str, Any]) -> dict[str, Any]:
    """A language in which nothing is written is none."""
    content: dict[str, Any] = {}
    for language in LANGUAGES:
        text = {part: cleaned.get(f"{part}_{language}", "") for part in ("subject", "body")}
        if any(text.values()):
            content[language] = text
    # Line breaks alone are no change.
    same = {name: _plain_lines(text) for name, text in former.items()}
    return dict(former) if same == content else content


def _plain_lines(text: Mapping[str, str]) -> dict[str, str]:
    return {
        part: said.replace("\r\n", "\n").replace("\r", "\n").strip() for part, said in text.items()
    }
