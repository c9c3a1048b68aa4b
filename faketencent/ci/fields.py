"""What a caller sent, by name: an XML body or query parameters, read strictly.

Fields are taken one by one, and what nobody took is refused. The real service may well ignore it; but a
field in the wrong place (`JobLevel` under `Request`, say) is a mistake that a test should find.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NoReturn, TypeVar
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from faketencent.ci.exceptions import invalid_argument, invalid_content, missing_content

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

Choice = TypeVar("Choice", bound=Enum)


class Fields:
    """Named values, some of which are groups of named values; an empty value counts as absent."""

    def __init__(self, where: str, values: Mapping[str, str | Fields]) -> None:
        self._where = where
        self._left = dict(values)

    @classmethod
    def of_xml(cls, body: bytes) -> Fields:
        """The fields of a document whose root is `Request`.

        Raises:
            ServiceError: MissingContent, InvalidContent, or InvalidArgument if a field is repeated.
        """
        if not body.strip():
            raise missing_content()
        try:
            root = fromstring(body, forbid_dtd=True)
        # An encoding that Python does not have, or cannot use here, is a LookupError or a ValueError.
        except (ParseError, DefusedXmlException, LookupError, ValueError) as error:
            raise invalid_content(f"not well-formed XML: {error}") from error
        if root.tag != "Request":
            raise invalid_content(f"the root is {root.tag} instead of Request")
        return cls._of_element(root, root.tag)

    @classmethod
    def of_query(cls, params: Mapping[str, str]) -> Fields:
        """The query parameters, without those of a presigned URL."""
        return cls("query", {name: value for name, value in params.items() if not name.startswith(("q-", "x-ci-"))})

    @classmethod
    def _of_element(cls, element: Element, where: str) -> Fields:
        values: dict[str, str | Fields] = {}
        for child in element:
            if child.tag in values:
                raise invalid_argument(f"{where}.{child.tag}", "given more than once")
            inner = cls._of_element(child, f"{where}.{child.tag}") if len(child) else child.text or ""
            values[child.tag] = inner
        return cls(where, values)

    def text(self, name: str, form: re.Pattern[str] | None = None) -> str | None:
        """The value, of that form, or None."""
        value = self._left.pop(name, "")
        if isinstance(value, Fields):
            self.refuse(name, "holds fields instead of a value")
        if value and form and not form.fullmatch(value):
            self.refuse(name, f"does not match {form.pattern}")
        return value or None

    def required(self, name: str, form: re.Pattern[str] | None = None) -> str:
        """The value, of that form, which must be there."""
        value = self.text(name, form)
        if value is None:
            self.refuse(name, "required")
        return value

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        """The value as a member of `kind`, or None."""
        chosen = self.choices(name, kind)
        if len(chosen) > 1:
            self.refuse(name, "only one")
        return chosen[0] if chosen else None

    def choices(self, name: str, kind: type[Choice], everything: str | None = None) -> list[Choice]:
        """The value, a list with commas, as members of `kind`; empty when there is none, or `everything`."""
        listed = self.names(name)
        if everything in listed:
            return []
        allowed = [member.value for member in kind]
        for value in listed:
            if value not in allowed:
                self.refuse(name, f"{value!r} is none of {', '.join(allowed)}")
        return [kind(value) for value in listed]

    def required_choice(self, name: str, kind: type[Choice]) -> Choice:
        """The value as a member of `kind`; it must be there."""
        value = self.choice(name, kind)
        if value is None:
            self.refuse(name, "required")
        return value

    def number(self, name: str, default: int, highest: int | None = None) -> int:
        """The value as a whole number from 1 to `highest`."""
        value = self.text(name)
        if value is None:
            return default
        number = int(value) if value.isascii() and value.isdigit() else 0
        if number < 1 or (highest is not None and number > highest):
            limit = "" if highest is None else f" to {highest}"
            self.refuse(name, f"{value!r} is not a number from 1{limit}")
        return number

    def names(self, name: str, most: int | None = None) -> list[str]:
        """The value as a list with commas; empty when there is none."""
        value = self.text(name)
        listed = value.split(",") if value else []
        if most is not None and len(listed) > most:
            self.refuse(name, f"more than {most}")
        return listed

    def group(self, name: str) -> Fields | None:
        """The fields inside, or None."""
        value = self._left.pop(name, "")
        if isinstance(value, Fields):
            return value
        if value.strip():
            self.refuse(name, "holds a value instead of fields")
        return None

    def required_group(self, name: str) -> Fields:
        """The fields inside, which must be there."""
        group = self.group(name)
        if group is None:
            self.refuse(name, "required")
        return group

    def refuse(self, name: str, why: str) -> NoReturn:
        """Say no to the field."""
        raise invalid_argument(f"{self._where}.{name}", why)

    def end(self) -> None:
        """Refuse what nobody took."""
        for name, value in self._left.items():
            if value:
                self.refuse(name, "not a field of this place")
