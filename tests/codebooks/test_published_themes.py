"""The themes that published reports name stand in the codebooks under the names printed there."""

from __future__ import annotations

from collections import defaultdict

from sendthemes.codebook.load import list_codebooks, load_codebook

BOROUGH = {
    "q62": ["Communication", "Changes/improvements made", "EHCPs", "Staff/team changes"],
    "q63": [
        "Technology issues",
        "Knowing who to contact",
        "Information sharing",
        "Consistency",
        "More frequent/regularly",
    ],
    "q64": [
        "Communication",
        "Multi-agency meeting attendance",
        "More opportunities to meet/work with staff",
        "Value/use professionals' knowledge",
        "Training",
    ],
    "q65": ["Attendance at meetings", "Communication", "Earlier meetings", "Capture CYP views"],
    "q66": [
        "Wanting specific training",
        "More access to courses",
        "More training on offer",
        "Face-to-face",
        "Shared training",
        "Practical examples",
    ],
}


def test_borough_themes_belong_to_their_question() -> None:
    by_question: dict[str, list[str]] = defaultdict(list)
    for theme in load_codebook("send-development").themes:
        (question,) = theme.questions
        assert theme.theme.startswith(question)
        by_question[question].append(theme.label)
    assert by_question == BOROUGH


def test_regional_themes_are_the_cross_cutting_ones() -> None:
    assert [theme.label for theme in load_codebook("send-workforce").themes] == [
        "High caseloads",
        "Workforce stability, vacancies and agency use",
        "Staff wellbeing and psychological safety",
        "Digital systems and AI readiness",
        "Partnership working with health and education",
    ]


def test_fieldwork_themes_are_the_report_s() -> None:
    assert [theme.label for theme in load_codebook("send-fieldwork").themes] == [
        "Stable leadership",
        "Recruitment campaign strategies",
        "Training and development in retention",
        "Agency usage",
        "Backlog of annual plans and caseloads",
        "Diverse and representative teams",
    ]


def test_patient_experience_has_the_framework_s_names() -> None:
    labels = [theme.label for theme in load_codebook("patient-experience").themes]
    assert len(labels) == len(set(labels)) == 24
    assert "Referals & continuity of care" in labels  # the framework's own spelling
    assert "Transport to/ from services" in labels


def test_all_bundled_codebooks_are_listed() -> None:
    names = {row["codebook"] for row in list_codebooks().to_dicts()}
    assert {
        "send-readiness",
        "send-workforce",
        "send-development",
        "send-fieldwork",
        "patient-experience",
    } <= names
