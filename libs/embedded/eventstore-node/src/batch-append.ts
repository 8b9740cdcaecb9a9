import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import type { Expected } from './append-request.js';
import { type Addressee, failed, refused, responseTo, TimedOut } from './batch-replies.js';
import { cancelled, RefusedAppend } from './errors.js';
import type { LogStore } from './log-store.js';
import type { OpenCalls } from './open-calls.js';
import { Proposals, streamNameOf } from './proposals.js';
import { uuidText } from './wire.js';

/** Appends of one call that wait to be durable; with more the client is not heard until some are. */
const MOST_UNDER_WAY = 10_000;

/** One append among those that share the call; its chunks come between those of others. */
interface Begun extends Addressee {
  readonly stream: string;
  readonly expected: Expected;
  readonly proposals: Proposals;
  /** Milliseconds since 1970 after which the client no longer wants it begun. */
  readonly deadline: number;
}

type Call = ServerDuplexStream<BatchAppendReq, BatchAppendResp>;

/** BatchAppend: one long call of a client, many appends, answered as each is durable. */
export function batchAppendMethod(store: LogStore, maximumBytes: number, open: OpenCalls) {
  return (call: Call): void => new BatchCall(store, maximumBytes, open, call).serve();
}

class BatchCall {
  private readonly begun = new Map<string, Begun>();
  private underWay = 0;
  private halfClosed = false;
  private readonly whenStopping = (): void => this.endWhenDone();

  constructor(
    private readonly store: LogStore,
    private readonly maximumBytes: number,
    private readonly open: OpenCalls,
    private readonly call: Call,
  ) {}

  serve(): void {
    this.open.appendStreams.add(this.whenStopping);
    this.call.on('error', () => undefined);
    this.call.on('close', () => this.open.appendStreams.delete(this.whenStopping));
    this.call.on('data', (chunk: BatchAppendReq) => this.take(chunk));
    this.call.on('end', () => {
      this.halfClosed = true;
      this.endWhenDone();
    });
  }

  private take(chunk: BatchAppendReq): void {
    // What comes while the node stops is answered by the end of the call: the client cannot know what became of it.
    if (this.open.stopping) return;
    const key = uuidText(chunk.getCorrelationId()) ?? '';
    const earlier = this.begun.get(key);
    try {
      const append = earlier ?? begin(chunk, this.maximumBytes);
      if (append === null) return;
      if (append.deadline <= Date.now()) throw new TimedOut('the deadline had passed before the append was complete');
      this.begun.set(key, append);
      for (const message of chunk.getProposedMessagesList()) append.proposals.add(message);
      if (!chunk.getIsFinal()) return;
      this.begun.delete(key);
      this.finish(append);
    } catch (error) {
      // Later chunks of a refused append find no beginning and are dropped.
      this.begun.delete(key);
      const identifier = earlier?.identifier ?? chunk.getOptions()?.getStreamIdentifier();
      this.call.write(refused({ correlation: chunk.getCorrelationId(), identifier }, error));
    }
  }

  private finish(append: Begun): void {
    this.underWay += 1;
    if (this.underWay >= MOST_UNDER_WAY) this.call.pause();
    this.store
      .append({ stream: append.stream, expected: append.expected, events: append.proposals.events })
      .then(
        (outcome) => this.call.write(responseTo(append, outcome)),
        (error: unknown) =>
          this.call.write(failed(append, { code: status.UNKNOWN, kind: 'Unknown', message: String(error) })),
      )
      .finally(() => {
        this.underWay -= 1;
        if (this.call.isPaused()) this.call.resume();
        this.endWhenDone();
      })
      // A client that has gone cannot be answered.
      .catch(() => undefined);
  }

  private endWhenDone(): void {
    if (this.underWay > 0) return;
    if (this.open.stopping) this.call.emit('error', cancelled());
    else if (this.halfClosed) this.call.end();
  }
}

/** Null for a chunk of an append that was dropped. @throws RefusedAppend */
function begin(chunk: BatchAppendReq, maximumBytes: number): Begun | null {
  const options = chunk.getOptions();
  if (options === undefined) return null;
  const deadline = options.getDeadline();
  const identifier = options.getStreamIdentifier();
  return {
    correlation: chunk.getCorrelationId(),
    identifier,
    stream: streamNameOf(identifier?.getStreamName_asU8()),
    expected: expectedOf(options),
    proposals: new Proposals(maximumBytes),
    deadline: deadline === undefined ? Infinity : deadline.getSeconds() * 1_000 + deadline.getNanos() / 1e6,
  };
}

function expectedOf(options: BatchAppendReq.Options): Expected {
  if (options.hasNoStream()) return { kind: 'noStream' };
  if (options.hasAny()) return { kind: 'any' };
  if (options.hasStreamExists()) return { kind: 'streamExists' };
  if (options.getExpectedStreamPositionCase() === 0) {
    throw new RefusedAppend({ kind: 'invalid', reason: 'the append says no expected revision' });
  }
  return { kind: 'revision', revision: BigInt(options.getStreamPosition()) };
}
