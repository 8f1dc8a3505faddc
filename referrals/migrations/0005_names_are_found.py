"""Finding children by name: names as people type them, cut into parts, and their indexes.

`referrals_plain` writes a name in small letters without accents, its parts set apart by spaces
(referrals/search/rules.py does the same to what is typed, and a test compares the two).
`referrals_name_parts` cuts it into parts, each of which is found by its beginning.
"""

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION referrals_plain(name text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN translate(
        regexp_replace(
            lower(normalize(replace(name, 'ß', 'ss'), NFD) COLLATE "C"), '[\u0300-\u036f]', '', 'g'
        ),
        '-_.,:;/\()[]{}<>|&!*?"#%+=@~^$–—øØłŁđĐıæÆœŒ''’‘`´ʼ',
        '                                oollddiaaoo'
    );
CREATE FUNCTION referrals_name_parts(forenames text, surname text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN to_tsvector('simple'::regconfig, referrals_plain(forenames || ' ' || surname));
"""
INDEXES = """
CREATE INDEX referrals_child_name_parts ON referrals_child
    USING gin (referrals_name_parts(forenames, surname));
CREATE INDEX referrals_alias_name_parts ON referrals_alias
    USING gin (referrals_name_parts(name, '')) WHERE superseded_at IS NULL;
CREATE INDEX referrals_child_born ON referrals_child (date_of_birth);
CREATE INDEX referrals_child_reference_like ON referrals_child (upper(reference) text_pattern_ops);
CREATE INDEX referrals_episode_reference_like ON referrals_episode (upper(reference) text_pattern_ops);
"""
BACK = """
DROP INDEX referrals_episode_reference_like;
DROP INDEX referrals_child_reference_like;
DROP INDEX referrals_child_born;
DROP INDEX referrals_alias_name_parts;
DROP INDEX referrals_child_name_parts;
DROP FUNCTION referrals_name_parts(text, text);
DROP FUNCTION referrals_plain(text);
"""


class Migration(migrations.Migration):

    dependencies = [("referrals", "0004_saved_filters")]

    operations = [migrations.RunSQL(FUNCTIONS + INDEXES, BACK)]
