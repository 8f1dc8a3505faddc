"""Who somebody is today, in one question: every request asks it.

A function's statement is planned once for each connection, not once for each request. It runs as whoever calls it.
"""

from django.db import migrations

STANDING = """
CREATE FUNCTION partners_standing(who bigint, today date) RETURNS TABLE (
    role text, partnership_id bigint, agency_id bigint, agency text, partnership text, agency_group integer,
    services text[], service_groups integer[], categories text[]
) LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
    SELECT p.role::text, a.partnership_id, a.id, a.name::text, n.name::text, a.group_id,
        ARRAY(SELECT s.code::text FROM partners_service s WHERE s.agency_id = a.id ORDER BY s.id),
        ARRAY(SELECT s.group_id FROM partners_service s WHERE s.agency_id = a.id ORDER BY s.id),
        ARRAY(SELECT unnest(g.categories)::text FROM partners_sharingagreement g
            WHERE g.agency_id = a.id AND g.ended_at IS NULL AND g.starts_on <= today AND g.ends_on >= today)
    FROM partners_post p
    JOIN partners_agency a ON a.id = p.agency_id
    JOIN partners_partnership n ON n.id = a.partnership_id
    WHERE p.user_id = who AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on >= today)
    ORDER BY p.starts_on, p.id LIMIT 1;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("partners", "0005_sharing_agreements")]

    operations = [migrations.RunSQL(STANDING, "DROP FUNCTION partners_standing(bigint, date);")]
