-- Which model says it has answered, and what the provider calls its answer and the request for it: clients name the first
-- of these ids, the provider's support asks for the second. Of rows of before nobody knows.
alter table request_log add column answered_model text;
alter table request_log add column answer_id text;
alter table request_log add column provider_request_id text;
