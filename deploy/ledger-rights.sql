-- After every migration, as wuxie_owner: what is append-only is not even asked to be changed by the service.
REVOKE UPDATE, DELETE ON facts_fact, facts_also, facts_link, facts_head, facts_seal, facts_tile, access_look FROM wuxie_app;
