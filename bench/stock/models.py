"""People, their sessions and the needled sites, without locks, seals or audit chain."""

from django.db import models


class Patient(models.Model):
    ref = models.CharField(max_length=10, unique=True)
    family_name = models.CharField(max_length=100, blank=True)
    given_name = models.CharField(max_length=100, blank=True)
    born = models.DateField()
    sex = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    email = models.EmailField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=2, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)

    def __str__(self):
        return self.ref


class Session(models.Model):
    ref = models.CharField(max_length=10, unique=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    therapist = models.CharField(max_length=150)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    tolerance = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    plan = models.TextField(blank=True)

    def __str__(self):
        return self.ref


class Site(models.Model):
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="sites")
    muscle = models.CharField(max_length=120)
    side = models.CharField(max_length=8)
    gauge_mm = models.DecimalField(max_digits=3, decimal_places=2)
    length_mm = models.PositiveIntegerField()
    depth_mm = models.PositiveIntegerField(null=True, blank=True)
    insertions = models.PositiveIntegerField()
    twitches = models.PositiveIntegerField(null=True, blank=True)
    technique = models.CharField(max_length=12, blank=True)
    tissue = models.CharField(max_length=15, blank=True)

    def __str__(self):
        return f"{self.muscle} {self.side}"
