"""The pages and addresses of VIVE's chosen families; the records and rules are in `placement.research`."""
