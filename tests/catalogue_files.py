"""Columns, keys and allowed values of the catalogue files, and functions that read them for tests."""

import csv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("clinic", "patients", "treatments")
FILES = {path.stem: path for folder in FOLDERS for path in (ROOT / folder / "catalogues").glob("*.csv")}
CHART = ROOT / "clinic" / "catalogues" / "body_chart.json"

HEADERS = {
    "code_sets": "fiscal_year,release,valid_from,valid_to,records,codes,source",
    "body_regions": "code,name,view,group,consent_group,over_lung,caution,position,source",
    "jurisdictions": (
        "code,name,state,profession,status,max_dwell_seconds,stimulation_allowed,added_modality_allowed,"
        "local_points_only,one_needle_per_insertion,scope_note,written_consent,not_acupuncture_statement,"
        "copy_to_patient,first_time_document,training_statement,consent_contents,referral,diagnosis_required,"
        "delegation_allowed,hours_prerequisite,hours_didactic,hours_practicum,hours_total,training_kinds,"
        "supervised_sessions,exam_required,outside_course,min_licence_months,registration,"
        "direct_access_notice_days,no_improvement_visits,no_improvement_days,business_days,adverse_event_report_days,"
        "record_note,needs_legal_check,valid_from,valid_to,checked_on,source_kind,searched_in,source"
    ),
    "conditions": "code,name,patient_term,kind,region,side_policy,ambiguous,guidance,position,source",
    "condition_names": "condition,name,proposed_variant,source",
    "diagnosis_families": (
        "condition,variant,label,code_right,code_left,code_both,code_midline,code_unspecified,encounter,"
        "is_default,code_set_year,valid_from,valid_to,position,source"
    ),
    "screening_items": (
        "code,question,kind,scope,concern_answer,level,unknown_level,asks_detail,asks_regions,lowerable,group,"
        "strip_label,guidance,position,source"
    ),
    "consent_texts": "version,language,jurisdiction,title,body,statements,not_acupuncture,source",
    "muscles": (
        "code,name,regions,group,hazards,hazard_sources,side_policy,length_min_mm,length_max_mm,gauge_mm,"
        "depth_limit_mm,depth_source,angle_note,default_status,billing_key,heads,members,note,source"
    ),
    "suggested_muscles": "condition,muscle,rank,source",
    "adverse_event_kinds": "code,name,category,usual_severity,red_flag,icd10,guidance,position,source",
    "aftercare_advice": "code,text,kind,place,position,source",
    "warning_signs": "code,question,short_name,chest,position,source",
    "warning_sign_levels": "code,sign,place,until_hours,urgency,position,source",
}

# The unique key of each file's rows.
KEYS = {
    "condition_names": ("condition", "name"),
    "diagnosis_families": ("condition", "variant"),
    "suggested_muscles": ("condition", "muscle"),
    "consent_texts": ("version", "language"),
    "code_sets": ("fiscal_year", "valid_from"),
}

# The conditions of the first release.
EIGHTEEN = [
    "neck-pain", "low-back-pain", "knee-pain", "hip-pain", "headache", "migraine", "adhesive-capsulitis",
    "rotator-cuff-strain", "tennis-elbow", "throwers-elbow", "carpal-tunnel-syndrome", "it-band-syndrome",
    "ankle-strain", "muscle-strain", "plantar-fasciitis", "achilles-tendinopathy", "shin-splints",
    "runners-knee",
]  # fmt: skip

ANSWERS = {"yes", "no"}
WORDS = {
    "body_regions": {
        "view": {"front", "back"},
        "over_lung": ANSWERS,
        "consent_group": {
            "head-neck", "shoulder-chest", "arm-hand", "abdomen", "back", "hip", "thigh", "leg-foot",
        },
    },
    "jurisdictions": {
        "status": {"allowed", "silent", "barred", "later"},
        "source_kind": {"law", "board", "summary", ""},
        "needs_legal_check": ANSWERS,
        "referral": {"none", "advised", "required", ""},
        "outside_course": {"caution", "stop"},
        **{
            column: ANSWERS | {""}
            for column in (
                "stimulation_allowed", "added_modality_allowed", "local_points_only",
                "one_needle_per_insertion", "written_consent", "not_acupuncture_statement",
                "copy_to_patient", "first_time_document",
                "training_statement", "diagnosis_required", "delegation_allowed", "exam_required",
                "business_days",
            )
        },
    },
    "conditions": {
        "kind": {"diagnosis", "impairment"},
        "side_policy": {"left_right", "left_right_both", "left_right_midline_both", "any"},
        "ambiguous": ANSWERS,
        "region": {
            "head", "neck", "shoulder", "elbow", "wrist-hand", "thorax", "low-back", "hip", "thigh", "knee",
            "lower-leg", "ankle-foot", "any",
        },
    },
    "diagnosis_families": {"encounter": ANSWERS, "is_default": ANSWERS, "code_set_year": {"2026"}},
    "screening_items": {
        "kind": {"intake", "visit"},
        "scope": {"patient", "site"},
        "concern_answer": ANSWERS,
        "level": {"stop", "caution"},
        "unknown_level": {"clear", "caution"},
        "asks_detail": ANSWERS,
        "asks_regions": ANSWERS,
        "lowerable": ANSWERS,
    },
    "consent_texts": {"not_acupuncture": ANSWERS, "language": {"en"}},
    "muscles": {
        "side_policy": {"paired", "paired_midline"},
        "default_status": {"usual", "advanced", "not_recommended", "contraindicated"},
    },
    "adverse_event_kinds": {"usual_severity": {"0", "1", "2", "3"}, "red_flag": ANSWERS},
    "aftercare_advice": {"kind": {"do", "expect", "call"}, "place": {"lung", "spine", ""}},
    "warning_signs": {"chest": ANSWERS},
    "warning_sign_levels": {"place": {"lung", "spine", ""}, "urgency": {"1", "2", "3", "4"}},
}  # fmt: skip


def rows(name: str) -> list[dict]:
    with FILES[name].open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def by_code(name: str) -> dict[str, dict]:
    return {row["code"]: row for row in rows(name)}


def listed(text: str) -> list[str]:
    return text.split(";") if text else []
