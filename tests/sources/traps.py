"""What a naive build would get wrong, the tests that keep out of it, and the source of each fact."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trap:
    """`tests` are “path::function”; `source` says where the fact was read."""

    text: str
    tests: tuple[str, ...]
    source: str


TRAPS = (
    Trap(
        "Needles left in where the state's law does not have them",
        (
            "tests/treatments/test_dosing.py::test_what_a_row_asks_a_reason_for",
            "tests/clinic/test_catalogue_files.py::test_illinois_leaves_no_needle_in_and_uses_each_once",
        ),
        "225 ILCS 90/1.5 (ilga.gov)",
    ),
    Trap(
        "Stimulation through the needle, and other modalities with it, always on",
        (
            "tests/treatments/test_what_reaches_sites.py::"
            "test_in_illinois_every_technique_stays_in_the_form_and_asks",
            "tests/treatments/test_dosing.py::"
            "test_other_treatment_is_a_caution_where_the_profile_allows_none_with_the_needles",
        ),
        "225 ILCS 90/1.5 (ilga.gov)",
    ),
    Trap(
        "More insertions than needles where each needle is inserted once",
        (
            "tests/treatments/test_dosing.py::test_what_a_session_asks_a_reason_for",
            "tests/treatments/test_sites.py::test_needles_are_the_insertions_where_the_profile_wants_one_each",
            "tests/treatments/test_sites.py::"
            "test_needles_of_a_line_are_the_insertions_too_where_the_profile_wants_one_each",
        ),
        "225 ILCS 90/1.5 (ilga.gov)",
    ),
    Trap(
        "The side only inside the diagnosis code",
        ("tests/test_traps.py::test_the_side_stands_in_a_column_of_its_own",),
        "ICD-10-CM code list of April 2026: M72.2, M54.-, G43, G44.2, M79.1 have no side",
    ),
    Trap(
        "One digit for the unspecified side, or a bilateral code, in every family",
        (
            "tests/clinic/test_catalogue_conditions.py::test_the_unspecified_side_is_not_the_same_character_everywhere",
            "tests/patients/test_icd_codes.py::test_the_unspecified_code_names_no_side",
            "tests/patients/test_icd_codes.py::test_every_code_is_billable",
            "tests/patients/test_diagnoses.py::test_code_follows_family_side_and_encounter",
        ),
        "ICD-10-CM code list of April 2026",
    ),
    Trap(
        "A code that is no longer billable, such as M54.5",
        ("tests/patients/test_icd_codes.py::test_every_code_is_billable",),
        "ICD-10-CM code list of April 2026 (PyPI simple-icd-10-cm)",
    ),
    Trap(
        "One code for thrower's elbow, ankle strain, rotator cuff strain",
        (
            "tests/patients/test_diagnoses.py::"
            "test_an_ambiguous_term_has_no_usual_variant_even_where_one_is_marked",
            "tests/patients/test_diagnoses.py::test_ambiguous_lay_terms_ask_which",
            "tests/clinic/test_catalogue_conditions.py::test_the_lay_terms_that_mislead_are_marked_ambiguous",
        ),
        "ICD-10-CM code list of April 2026: M77.0 and S53.44, S93.4 and S96, M75.1 and S46.01",
    ),
    Trap(
        "Injury codes without their seventh character or placeholder",
        (
            "tests/patients/test_diagnoses.py::test_code_follows_family_side_and_encounter",
            "tests/patients/test_diagnoses.py::test_placeholders_fill_a_short_stem",
        ),
        "ICD-10-CM code list of April 2026",
    ),
    Trap(
        "Needles or rows counted instead of distinct muscles; both codes on one day",
        (
            "tests/treatments/test_billing.py::test_code_by_distinct_muscles",
            "tests/treatments/test_billing.py::test_a_second_code_on_one_day_asks_which_is_billed",
        ),
        "gawendaseminars.com, does Medicare now pay for dry needling; mirahealth.care, 20561",
    ),
    Trap(
        "Needling minutes in timed units; the descriptors of the codes, which are licensed",
        (
            "tests/test_traps.py::test_no_minutes_are_billed",
            "tests/test_traps.py::test_no_text_of_the_product_describes_a_billing_code",
        ),
        "copyright notice of the American Medical Association (therapycomply.com)",
    ),
    Trap(
        "Medicare said to pay; no notice before the service",
        (
            "tests/treatments/test_medicare.py::test_a_missing_notice_is_said_before_the_session_is_opened",
            "tests/patients/test_notices.py::test_what_a_notice_lacks_is_said_before_the_treatment",
        ),
        "apta.org, dry needling ABN update, 2 Feb 2022; apta.org, PT in Motion, Feb 2020",
    ),
    Trap(
        "One tick for the consent; a text that changes under a signature",
        (
            "tests/patients/test_consent.py::test_every_statement_is_ticked_one_by_one",
            "tests/patients/test_consent.py::test_a_consent_never_changes",
            "tests/clinic/test_catalogue_questions.py::"
            "test_every_consent_text_says_what_needling_is_not_who_does_it_and_how_often_what_comes",
        ),
        "18VAC112-20-121; Tennessee Rule 1150-01-.22; Colorado Rule 11",
    ),
    Trap(
        "Health asked once only; a blank that counts as no; answers that the desk reads",
        (
            "tests/patients/test_assessment.py::test_a_blank_is_never_a_no",
            "tests/patients/test_validity.py::test_yesterdays_visit_screen_is_over",
            "tests/patients/test_strip.py::test_desk_reads_allergies_and_medicines_but_no_answers",
        ),
        "the product's own design",
    ),
    Trap(
        "Blood thinners that stop treatment; a swollen limb that stops the whole patient",
        (
            "tests/clinic/test_catalogue_questions.py::"
            "test_blood_thinners_are_a_caution_and_lymph_swelling_stops_only_the_limb",
            "tests/patients/test_which_questions.py::"
            "test_lymph_swelling_asks_for_an_arm_or_a_leg_and_means_all_of_it",
        ),
        "Muñoz 2022, doi 10.1155/2022/1363477; PMC3924615, table 3",
    ),
    Trap(
        "Soreness on record as an adverse event, or nowhere",
        (
            "tests/clinic/test_catalogue_questions.py::"
            "test_a_puncture_of_the_lung_is_serious_and_usual_soreness_is_no_event",
            "tests/treatments/test_soreness.py::test_triage",
        ),
        "pubmed 26406209; PMC7602246, table 5",
    ),
    Trap(
        "A warning sign that waits in a list; one call at 24 hours and none later",
        (
            "tests/treatments/test_followups.py::test_a_warning_sign_shows_the_emergency_words_at_once",
            "tests/treatments/test_scheduling.py::"
            "test_the_end_of_a_session_schedules_the_practice_steps_for_its_therapist",
        ),
        "Mintken 2025, PTJ pzaf078; Radiology case as in plexusmd.com",
    ),
    Trap(
        "Both lungs in one session, and long needles under the skull, without a question",
        (
            "tests/treatments/test_over_lung.py::test_both_sides_over_the_lung_are_asked_about_in_every_place",
            "tests/treatments/test_over_lung.py::"
            "test_a_long_needle_is_asked_about_where_it_can_reach_what_lies_beneath",
        ),
        "South African AHPC safety guideline, thorax (acts.co.za); doi 10.1080/09593985.2021.1901326",
    ),
    Trap(
        "No count of needles; no lot number",
        (
            "tests/treatments/test_readiness.py::test_every_gap_stops_the_signature_and_names_its_field",
            "tests/treatments/test_needle_times.py::test_a_session_asks_why",
            "tests/treatments/test_sites.py::test_the_lot_number_of_the_needles_is_kept_with_the_site",
        ),
        "clean needle practice, the product's own design",
    ),
    Trap(
        "Training and license looked at today and not on the day of the session",
        (
            "tests/treatments/test_qualification.py::"
            "test_the_day_of_the_session_counts_not_the_day_of_the_signature",
            "tests/treatments/test_qualification.py::test_a_part_of_the_body_outside_the_courses_asks_or_stops",
        ),
        "225 ILCS 90/1.5; Illinois PT Association, 14 Aug 2018 (ipta.org/news/413223)",
    ),
    Trap(
        "An assistant or aide who needles",
        (
            "tests/treatments/test_session_open.py::test_an_assistant_is_told_why",
            "tests/treatments/test_state_rules.py::test_who_needles_beside_a_physical_therapist",
            "tests/treatments/test_qualification.py::test_a_leaver_and_an_assistant_are_no_supervisors",
        ),
        "Fla. Admin. Code 64B17-6.008; K.A.R. 100-29-18; 18VAC112-20-121",
    ),
    Trap(
        "Signed notes that are edited, here or in the administration",
        (
            "tests/clinic/test_locks_hold.py::test_what_is_locked_is_refused_in_every_way",
            "tests/clinic/test_locks_hold.py::test_the_administration_changes_nothing_that_is_locked",
        ),
        "CMS program integrity manual, chapter 3, 3.3.2.5 (cgsmedicare.com)",
    ),
    Trap(
        "Only writes in the audit; nobody knows who looked",
        (
            "tests/test_looks.py::test_every_page_with_a_strip_leaves_a_look",
            "tests/patients/test_restriction.py::test_the_lead_sees_it_that_day_until_looked_at",
        ),
        "45 CFR 164.312 (govinfo.gov)",
    ),
    Trap(
        "Records deleted after six or seven years; minors and legal holds forgotten",
        (
            "tests/patients/test_keeping.py::test_a_record_is_kept_ten_years_and_a_minors_to_the_age_of_22",
            "tests/patients/test_keeping.py::test_a_hold_is_set_and_lifted_with_a_reason",
        ),
        "ilchiro.org/record-retention",
    ),
    Trap(
        "Questionnaires of others shipped as free; one value of a felt change for every part of the body",
        (
            "tests/test_traps.py::test_no_questionnaire_of_others_is_shipped",
            "tests/treatments/test_pain_change.py::"
            "test_the_value_is_that_of_the_condition_else_the_general_one",
        ),
        "loinc.org/97909-6; `dash.iwh.on.ca/licences`; eprovide.mapi-trust.org; Michener 2011",
    ),
    Trap(
        "An export in FHIR with invented codes, or with many sites in one procedure",
        ("tests/test_traps.py::test_nothing_leaves_as_fhir",),
        "HL7 US Core 9.0.0; loinc.org; nothing is exported as FHIR",
    ),
    Trap(
        "The days and visits of direct access that Illinois counts forgotten",
        (
            "tests/test_traps.py::test_illinois_has_the_counts_of_direct_access",
            "tests/patients/test_state_duties.py::"
            "test_the_doctor_is_told_within_five_business_days_after_the_first_visit",
            "tests/patients/test_state_duties.py::"
            "test_ten_visits_or_fifteen_business_days_without_improvement_ask_for_a_referral",
        ),
        "225 ILCS 90/1.2 as quoted by napervillemanualphysicaltherapy.com",
    ),
    Trap(
        "Texts that call it acupuncture",
        ("tests/test_traps.py::test_no_text_of_the_product_calls_it_acupuncture",),
        "225 ILCS 90/1.5 (ilga.gov)",
    ),
)
