"""List what the library is built and run with, as CycloneDX (``make sbom``).

Read from the pins alone: names, versions, markers and what each package is there for. No address, no clock.
"""

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>\S+)(?: ; (?P<marker>.+?))?(?: \\)?$")
NEEDED_BY = re.compile(r"^    #(?: via)? +(?:-r )?(?P<parent>\S+)(?: \(pyproject\.toml\))?$")


def bill() -> dict[str, object]:
    """Make the bill of materials."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    library = {
        "type": "library",
        "bom-ref": project["name"],
        "name": project["name"],
        "version": project["version"],
        "licenses": [{"license": {"id": project["license"]}}],
    }
    components: list[dict[str, object]] = []
    refs: dict[str, list[str]] = {}  # a package may be pinned twice, for one Python and for another
    parents: list[tuple[str, str]] = []
    for line in (ROOT / "requirements" / "run.txt").read_text(encoding="utf-8").splitlines():
        if found := PIN.match(line):
            name, version, marker = found.group("name", "version", "marker")
            ref = f"pkg:pypi/{name}@{version}"
            refs.setdefault(name, []).append(ref)
            part: dict[str, object] = {
                "type": "library",
                "bom-ref": ref,
                "name": name,
                "version": version,
                "purl": ref,
            }
            components.append(
                part | ({"properties": [{"name": "marker", "value": marker}]} if marker else {})
            )
        elif found := NEEDED_BY.match(line):
            parents.append((found["parent"], ref))
    refs[project["name"]] = [project["name"]]
    refs["requirements/build.in"] = [project["name"]]
    needs: dict[str, set[str]] = {each: set() for listed in refs.values() for each in listed}
    for parent, child in parents:
        for each in refs.get(parent, ()):
            needs[each].add(child)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": library},
        "components": components,
        "dependencies": [{"ref": each, "dependsOn": sorted(of)} for each, of in sorted(needs.items())],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(), indent=1) + "\n")
