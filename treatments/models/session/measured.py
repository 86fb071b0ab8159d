"""What a measurement may name: each a list of words that stand in the record as they are written here.

The value is the word that is stored and sealed, never translated; the label is what a page shows.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Unit(TextChoices):
    """Pressure is force on an area: a bare newton says nothing."""

    DEGREES = "degrees", _("degrees")
    KG_PER_CM2 = "kg/cm²", _("kg/cm²")
    KPA = "kPa", _("kPa")
    GRADE = "grade", _("grade")


class Device(TextChoices):
    """The kind of device, with the area of its tip where the value depends on it."""

    GONIOMETER = "goniometer", _("goniometer")
    INCLINOMETER = "inclinometer", _("inclinometer")
    CROM = "cervical range of motion device", _("cervical range of motion device")
    APP = "phone app", _("phone app")
    ALGOMETER = "pressure algometer, 1 cm² tip", _("pressure algometer, 1 cm² tip")
    ALGOMETER_HALF = "pressure algometer, 0.5 cm² tip", _("pressure algometer, 0.5 cm² tip")
    HAND = "by hand", _("by hand")


class Position(TextChoices):
    SITTING = "sitting", _("sitting")
    STANDING = "standing", _("standing")
    SUPINE = "supine", _("supine")
    PRONE = "prone", _("prone")
    SIDE_LYING = "side-lying", _("side-lying")


class Scale(TextChoices):
    MODIFIED_ASHWORTH = "Modified Ashworth scale", _("Modified Ashworth scale")
    ASHWORTH = "Ashworth scale", _("Ashworth scale")
    MRC = "Medical Research Council scale", _("Medical Research Council scale")


class Joint(TextChoices):
    CERVICAL = "cervical spine", _("Cervical spine")
    THORACOLUMBAR = "thoracolumbar spine", _("Thoracolumbar spine")
    LUMBAR = "lumbar spine", _("Lumbar spine")
    SHOULDER = "shoulder", _("Shoulder")
    ELBOW = "elbow", _("Elbow")
    FOREARM = "forearm", _("Forearm")
    WRIST = "wrist", _("Wrist")
    THUMB = "thumb", _("Thumb")
    FINGERS = "fingers", _("Fingers")
    HIP = "hip", _("Hip")
    KNEE = "knee", _("Knee")
    ANKLE = "ankle", _("Ankle")
    SUBTALAR = "subtalar joint", _("Subtalar joint")
    TOES = "toes", _("Toes")


class Motion(TextChoices):
    FLEXION = "flexion", _("Flexion")
    EXTENSION = "extension", _("Extension")
    SIDE_BENDING = "side bending", _("Side bending")
    ROTATION = "rotation", _("Rotation")
    ABDUCTION = "abduction", _("Abduction")
    ADDUCTION = "adduction", _("Adduction")
    INTERNAL_ROTATION = "internal rotation", _("Internal rotation")
    EXTERNAL_ROTATION = "external rotation", _("External rotation")
    SUPINATION = "supination", _("Supination")
    PRONATION = "pronation", _("Pronation")
    RADIAL_DEVIATION = "radial deviation", _("Radial deviation")
    ULNAR_DEVIATION = "ulnar deviation", _("Ulnar deviation")
    DORSIFLEXION = "dorsiflexion", _("Dorsiflexion")
    PLANTAR_FLEXION = "plantar flexion", _("Plantar flexion")
    INVERSION = "inversion", _("Inversion")
    EVERSION = "eversion", _("Eversion")
