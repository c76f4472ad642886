-- What an attempt links to in traces: the span of the attempt before it, and of whoever had the delivery attempted again.
ALTER TABLE attempt ADD COLUMN span_id text;
ALTER TABLE delivery ADD COLUMN again_traceparent text;

-- The request for the redrive, whose trace its work continues.
ALTER TABLE redrive ADD COLUMN traceparent text, ADD COLUMN tracestate text;
