"""The number of each table in the rows of an event: its place in this list, from 1 on.

Events keep these numbers for ever. A new table is added at the end; none is removed, renamed or moved.
"""

TABLES = (
    "account_emailaddress", "account_emailconfirmation", "auth_group", "auth_group_permissions",
    "clinic_bodyregion", "clinic_cataloguefile", "clinic_credential", "clinic_credential_regions",
    "clinic_credentialreminder", "clinic_jurisdiction", "clinic_location", "clinic_patientlink",
    "clinic_practice", "clinic_rolegrant", "clinic_room", "clinic_user", "clinic_user_groups",
    "clinic_user_user_permissions", "mfa_authenticator", "patients_allergy", "patients_condition",
    "patients_consent", "patients_consentcopy", "patients_consenttext", "patients_consentwithdrawal",
    "patients_coverage", "patients_diagnosisfamily", "patients_disclosure", "patients_episode",
    "patients_handover", "patients_intake", "patients_medication", "patients_mergejournal",
    "patients_patient", "patients_patientaccess", "patients_patientcondition", "patients_patientkey",
    "patients_referral", "patients_relatedperson", "patients_screening", "patients_screeninganswer",
    "patients_screeningitem", "patients_stampwithdrawal", "patients_visit", "treatments_addendum",
    "treatments_adverseevent", "treatments_adverseeventkind", "treatments_aftercare",
    "treatments_aftercareadvice", "treatments_amendmentanswer", "treatments_contactattempt",
    "treatments_cosignature", "treatments_draftevent", "treatments_errormark", "treatments_followup",
    "treatments_measurement", "treatments_muscle", "treatments_muscle_regions", "treatments_needlesite",
    "treatments_needlingsession", "treatments_outcomescore", "treatments_override", "treatments_redflag",
    "treatments_seal", "treatments_sessioncondition", "treatments_sharpsinjury",
    "treatments_sorenessreport", "treatments_suggestedmuscle", "treatments_warningsign",
    "patients_questionwording", "patients_conditionname", "patients_noncoveragenotice",
    "clinic_codeset",
    "treatments_warningsignlevel",
    "treatments_leveldecision",
    "patients_stateduty",
    "clinic_counselopinion",
    "clinic_firstlink",
    "patients_paper", "patients_papermark", "patients_paperpart",
    "patients_broughtfile",
    "treatments_supervisorchange",
)  # fmt: skip
NUMBERS = {table: number for number, table in enumerate(TABLES, start=1)}
