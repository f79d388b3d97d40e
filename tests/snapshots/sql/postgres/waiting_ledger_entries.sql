SELECT count(*) AS waiting, min(waiting.occurred_at) AS since
FROM (
  SELECT e.occurred_at
  FROM memo_events e
  WHERE (e.position > $1 OR e.position IS NULL)
    AND e.kind IN ('DELETED', 'RESTORED')
  UNION ALL
  SELECT n.occurred_at
  FROM ledger_entries n
) AS waiting
