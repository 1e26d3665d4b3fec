-- JSON: counts that few providers tell, by their names, but those of 0: tokens by kind, of predictions, searches on the web.
-- Of rows of before nobody knows.
alter table request_log add column usage_details text;
