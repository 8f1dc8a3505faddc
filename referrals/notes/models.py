"""Notes: what was seen, said and done about a child, each with its day and its author."""

from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Exists, F, Func, OuterRef, Q

from hub.access.gate import standing_of
from hub.access.rules import Permission, Standing
from hub.facts.models import Fact, FactQuerySet, fact_meta_constraints, one_current
from partners.agencies.models import Agency
from partners.sharing.rules import NOTES
from referrals.children.models import Child
from referrals.episodes.models import Episode
from referrals.grants.models import Sight
from referrals.notes.rules import CONDITIONS_LONGEST, EVERYBODY, HUB, NAMED, OWN, WITH_LONGEST

if TYPE_CHECKING:
    from hub.accounts.models import User


class NoteQuerySet(FactQuerySet["Note"]):
    """Notes. What another agency sees is decided by each note's marking, of a child whom it sees.

    The database's own policy says the same (referrals/migrations/0017_notes_are_marked.py).
    """

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """Keep the notes of children whom the person sees that are for them by their marking."""
        standing = standing_of(user)
        rows = super().visible_to(user)
        if standing is None or standing.partnership_id is None:
            return rows
        return rows.marked_for(standing)

    def shared_with(self, standing: Standing) -> Self:
        """Keep the notes of the children who are shown to one who does not see whole cases.

        The own agency's; those of others as far as its sharing agreement has notes.
        """
        shown = Sight.objects.shared_with(standing)
        rows = self.filter(child__in=shown.order_by().values("child_id"))
        own = Q(agency=standing.agency_id) | Q(author=standing.user_id)
        return rows if NOTES in standing.categories else rows.filter(own)

    def written_by(self, standing: Standing) -> Self:
        """Keep what the person or their agency wrote."""
        return self.filter(Q(author=standing.user_id) | Q(agency=standing.agency_id))

    def marked_for(self, standing: Standing) -> Self:
        """Leave out what is not for the person, and what was read before a marking shut them out."""
        later = Note.objects.filter(
            child=OuterRef("child"),
            position=OuterRef("position"),
            known_from__gt=OuterRef("known_from"),
        )
        shut_out_since = Exists(later.exclude(admits(standing)))
        return self.filter(admits(standing), Q(superseded_at__isnull=True) | ~shut_out_since)

    def with_marking(self) -> Self:
        """Add `named`, the names of the agencies named, and `hides_source`."""
        place = Func(
            OuterRef("for_agencies"),
            F("pk"),
            function="array_position",
            output_field=models.IntegerField(),
        )
        named = Agency.objects.alias(place=place).filter(place__isnull=False).order_by("name")
        return self.with_source().annotate(named=ArraySubquery(named.values("name")))

    def with_source(self) -> Self:
        """Add `hides_source`: whether a note's source is protected, here or in a later version."""
        protected = Note.objects.filter(
            child=OuterRef("child"),
            position=OuterRef("position"),
            known_from__gte=OuterRef("known_from"),
            source_protected=True,
        )
        return self.annotate(hides_source=Exists(protected))

    def latest_first(self) -> Self:
        """Sort by when it happened, the latest first; within a day a note without a time comes last."""
        return self.order_by("-happened_on", F("happened_at").desc(nulls_last=True), "-position")


def admits(standing: Standing) -> Q:
    """Say which markings are for a person: their own agency's notes and what they wrote are always."""
    mine = Q(author=standing.user_id) | Q(seen_by=EVERYBODY)
    if standing.agency_id is not None:
        named = Q(seen_by=NAMED, for_agencies__contains=[standing.agency_id])
        mine |= Q(agency=standing.agency_id) | named
    return mine | Q(seen_by=HUB) if standing.may(Permission.CASES_VIEW) else mine


def new_numbers(many: int) -> list[int]:
    """Take numbers for new notes: each is given once in the whole hub, and tells of no child's notes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT referrals_next_note() FROM generate_series(1, %s)", [many])
        return [number for (number,) in cursor.fetchall()]


class Note(Fact):
    """A note about a child, of one episode or of none.

    `kind` is a code of `KINDS` (rules). `position` is its number, for ever: its address. It counts the
    notes of all children together, so that no gap tells of a note that is for others. `author` and
    `agency` are whose note it is; who corrected it is `recorded_by` of the later version. The marking
    (`seen_by` to `source_protected`) is part of the version (docs/decisions/0014).
    """

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="notes", db_index=False)
    episode = models.ForeignKey(
        Episode, null=True, on_delete=models.PROTECT, related_name="notes", db_index=False
    )
    kind = models.CharField(max_length=20)
    happened_on = models.DateField()
    happened_at = models.DateTimeField(null=True, help_text="where the time of day is known")
    with_whom = models.CharField(max_length=WITH_LONGEST, default="")
    text = models.TextField(default="")
    own_words = models.TextField(default="")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        Agency, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    seen_by = models.CharField(max_length=10, default=HUB, db_default=HUB)
    for_agencies = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    conditions = models.CharField(max_length=CONDITIONS_LONGEST, default="", db_default="")
    source_protected = models.BooleanField(default=False, db_default=False)

    named: list[str]  # by with_marking
    hides_source: bool

    objects = NoteQuerySet.as_manager()

    class Meta(Fact.Meta):
        constraints: ClassVar = fact_meta_constraints(
            one_current("referrals_note_current", "child"),
            models.CheckConstraint(
                condition=~Q(text="", own_words=""), name="referrals_note_says_something"
            ),
            models.CheckConstraint(
                condition=Q(seen_by__in=[HUB, EVERYBODY, OWN], for_agencies=[])
                | (Q(seen_by=NAMED) & ~Q(for_agencies=[])),
                name="referrals_note_marked",
            ),
        )
        indexes: ClassVar = [
            models.Index(
                fields=["agency", "-happened_on"],
                condition=Q(superseded_at__isnull=True),
                name="referrals_note_of_agency",
            ),
            models.Index(
                fields=["author", "-happened_on"],
                condition=Q(superseded_at__isnull=True),
                name="referrals_note_of_author",
            ),
        ]

    def __str__(self) -> str:
        return f"note {self.position} of {self.child_id}"

    def belongs_to(self, standing: Standing) -> bool:
        """Say whether it is the person's own note or their agency's: they alone may change it."""
        own = self.agency_id is not None and self.agency_id == standing.agency_id
        return own or self.author_id == standing.user_id
