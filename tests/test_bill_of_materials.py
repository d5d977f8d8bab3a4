"""The bill of materials in every wheel is that of the pins, and names no address."""

import json
import re
import runpy
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "requirements"
BILL = (FOLDER / "sbom.cdx.json").read_text(encoding="utf-8")


def test_the_bill_is_what_the_pins_say_now():
    made = runpy.run_path(str(FOLDER / "sbom.py"))["bill"]()
    assert json.loads(BILL) == made, "make sbom"


def test_every_pin_is_in_the_bill_and_has_a_reason():
    pins = re.findall(r"^([a-z0-9-]+)==(\S+)", (FOLDER / "run.txt").read_text(encoding="utf-8"), re.MULTILINE)
    bill = json.loads(BILL)
    assert [(part["name"], part["version"]) for part in bill["components"]] == pins
    needed = {ref for each in bill["dependencies"] for ref in each["dependsOn"]}
    assert needed == {part["bom-ref"] for part in bill["components"]}


def test_the_bill_names_no_address():
    assert "://" not in BILL
