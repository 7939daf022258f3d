-- name: AddIntent :exec
INSERT INTO intents (id, kind, state, at, payload) VALUES (@id, @kind, 'staging', @at, @payload);

-- name: AdvanceIntent :execrows
UPDATE intents SET state = @state, payload = @payload WHERE id = @id AND state <> 'done';

-- name: CloseIntent :execrows
UPDATE intents SET state = 'done', payload = @payload WHERE id = @id AND state <> 'done';

-- name: RemoveIntent :execrows
DELETE FROM intents WHERE id = @id AND state <> 'done';

-- name: OpenIntents :many
SELECT id, kind, state, at, payload FROM intents WHERE state <> 'done' ORDER BY at, id;

-- name: RetireDataSet :exec
UPDATE data_sets SET in_force = FALSE WHERE name = @name AND in_force;

-- name: AddDataSet :exec
INSERT INTO data_sets (name, version, lake_table, hash, row_count, period, snapshot_id, import_id, imported_at, in_force, body)
VALUES (@name, @version, @lake_table, @hash, @row_count, @period, @snapshot_id, @import_id, @imported_at, TRUE, @body);

-- name: LastDataSetVersion :one
SELECT CAST(COALESCE(MAX(version), 0) AS BIGINT) AS version FROM data_sets WHERE name = @name;

-- name: DataSetsInForce :many
SELECT name, version, lake_table, hash, row_count, period, snapshot_id, import_id, imported_at, in_force, body
FROM data_sets WHERE in_force ORDER BY name;

-- name: DataSetVersions :many
SELECT name, version, lake_table, hash, row_count, period, snapshot_id, import_id, imported_at, in_force, body
FROM data_sets WHERE name = @name ORDER BY version;

-- name: IntentState :one
SELECT state FROM intents WHERE id = @id;
