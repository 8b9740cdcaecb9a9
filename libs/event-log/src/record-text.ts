import type { AllStreamRecordedEvent } from '@eventstore/db-client';

/** Neither JSON: the client gave bytes, or nothing. */
type Form = 'json' | 'bytes' | 'none';

type Line = readonly [
  stream: string,
  id: string,
  type: string,
  revision: string,
  commit: string,
  prepare: string,
  created: number,
  data: unknown,
  dataForm: Form,
  metadata: unknown,
  metadataForm: Form,
];

/**
 * Records as one text, which goes from thread to thread at the price of copying it; objects would be copied one by
 * one. What is not JSON is never understood by us: only that there were bytes is told.
 */
export function textOfRecords(records: readonly AllStreamRecordedEvent[]): string {
  return JSON.stringify(records.map(lineOf));
}

function lineOf(record: AllStreamRecordedEvent): Line {
  const { streamId, id, type, revision, position, created, data, metadata } = record;
  return [
    ...([streamId, id, type, String(revision)] as const),
    ...([String(position.commit), String(position.prepare), created.getTime()] as const),
    ...([formOf(data) === 'json' ? data : null, formOf(data)] as const),
    ...([formOf(metadata) === 'json' ? metadata : null, formOf(metadata)] as const),
  ];
}

function formOf(value: unknown): Form {
  if (value === undefined) return 'none';
  return value instanceof Uint8Array ? 'bytes' : 'json';
}

/** The records of a text that `textOfRecords` made. */
export function recordsOfText(text: string): AllStreamRecordedEvent[] {
  return (JSON.parse(text) as readonly Line[]).map(recordOf);
}

function recordOf(line: Line): AllStreamRecordedEvent {
  const [streamId, id, type, revision, commit, prepare, created, data, dataForm, metadata, metadataForm] = line;
  const record = {
    ...{ streamId, id, type, revision: BigInt(revision), isJson: dataForm === 'json', created: new Date(created) },
    data: valueOf(data, dataForm),
    metadata: valueOf(metadata, metadataForm),
    position: { commit: BigInt(commit), prepare: BigInt(prepare) },
  };
  return record as AllStreamRecordedEvent;
}

function valueOf(value: unknown, form: Form): unknown {
  return form === 'json' ? value : form === 'bytes' ? new Uint8Array() : undefined;
}
