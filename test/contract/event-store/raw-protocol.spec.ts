import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import streamsService from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams, { type BatchAppendResp, type ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import { type ClientDuplexStream, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { EventStoreDBClient } from '@eventstore/db-client';
import { type EventStoreNode, startEventStoreNode } from '@voronka/eventstore-node';
import { all, idsOf, numbersOf } from './support/collect.js';

// Messages only take parts made by the protobuf library of the client package.
const requireOfClient = createRequire(require.resolve('@eventstore/db-client'));
const { Timestamp } = requireOfClient(
  'google-protobuf/google/protobuf/timestamp_pb.js',
) as typeof import('google-protobuf/google/protobuf/timestamp_pb.js');

/** Requests that the client never makes, or makes only when it dies in the middle. */
describe('the embedded node, asked without the client', () => {
  let directory: string;
  let node: EventStoreNode;
  let raw: InstanceType<typeof streamsService.StreamsClient>;
  let client: EventStoreDBClient;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'raw-'));
    node = await startEventStoreNode({ directory });
    raw = new streamsService.StreamsClient(node.endpoint, credentials.createInsecure());
    client = new EventStoreDBClient({ endpoint: node.endpoint }, { insecure: true });
  });
  afterAll(async () => {
    raw.close();
    await client.dispose();
    await node.stop();
    await rm(directory, { recursive: true });
  });

  const nameOf = (stream: string) => {
    const identifier = new shared.StreamIdentifier();
    identifier.setStreamName(Buffer.from(stream, 'utf8'));
    return identifier;
  };
  const uuid = (text: string) => {
    const id = new shared.UUID();
    id.setString(text);
    return id;
  };
  const describeEvent = (metadata: { set(key: string, value: string): unknown }) => {
    metadata.set('type', 'Counted');
    metadata.set('content-type', 'application/json');
  };
  const stored = async (stream: string) => all(client.readStream(stream)).catch(() => []);

  describe('Append', () => {
    const optionsFor = (stream: string) => {
      const options = new streams.AppendReq.Options();
      options.setStreamIdentifier(nameOf(stream));
      options.setAny(new shared.Empty());
      const request = new streams.AppendReq();
      request.setOptions(options);
      return request;
    };
    const event = (n: number, id = uuid(randomUUID())) => {
      const message = new streams.AppendReq.ProposedMessage();
      message.setId(id);
      describeEvent(message.getMetadataMap());
      message.setData(Buffer.from(JSON.stringify({ n })));
      const request = new streams.AppendReq();
      request.setProposedMessage(message);
      return request;
    };
    const append = (...requests: InstanceType<typeof streams.AppendReq>[]) =>
      new Promise<ServiceError | null>((resolve) => {
        const call = raw.append((error) => resolve(error));
        for (const request of requests) call.write(request);
        call.end();
      });

    it('that is reset while its events are on the way leaves nothing of them', async () => {
      const large = () => {
        const request = event(0);
        request.getProposedMessage()?.setData(Buffer.alloc(90_000));
        return request;
      };
      const calls = Array.from({ length: 10 }, async (_, turn) => {
        const broken = await new Promise<ServiceError | null>((resolve) => {
          const call = raw.append((error) => resolve(error));
          call.write(optionsFor('reset'));
          for (let n = 0; n < 8; n += 1) call.write(large());
          call.end();
          setTimeout(() => call.cancel(), turn / 5);
        });
        return broken?.code ?? status.OK;
      });
      const whole = (await Promise.all(calls)).filter((code) => code === status.OK).length;
      await append(optionsFor('reset-after'), event(1));
      // Each is there whole or not at all; one that came whole may have lost only its answer.
      const found = (await stored('reset')).length;
      expect(found % 8).toBe(0);
      expect(found).toBeGreaterThanOrEqual(whole * 8);
    });

    it.each([200, 500])(
      'whose deadline of %s ms passes before it is whole leaves nothing of it',
      async (deadlineMs) => {
        const stream = `overdue-${deadlineMs}`;
        const code = await new Promise<number | undefined>((resolve) => {
          const deadline = Date.now() + deadlineMs;
          const call = raw.append(new Metadata(), { deadline }, (error) => resolve(error?.code));
          call.write(optionsFor(stream));
          for (let n = 0; n < 50; n += 1) call.write(event(n));
        });
        expect(code).toBe(status.DEADLINE_EXCEEDED);
        await append(optionsFor(`${stream}-after`), event(1));
        expect(await stored(stream)).toEqual([]);
      },
    );

    it('of a client that is killed in the middle leaves nothing', async () => {
      const program = `
        const grpc = require('@grpc/grpc-js');
        const { StreamsClient } = require('@eventstore/db-client/generated/streams_grpc_pb.js');
        const { AppendReq } = require('@eventstore/db-client/generated/streams_pb.js');
        const client = new StreamsClient(process.argv[1], grpc.credentials.createInsecure());
        const call = client.append(() => undefined);
        for (const bytes of JSON.parse(process.argv[2])) call.write(AppendReq.deserializeBinary(Buffer.from(bytes, 'base64')));
        setTimeout(() => console.log('sent'), 100);
        setInterval(() => undefined, 1000);`;
      const requests = [optionsFor('killed'), event(1), event(2)];
      const written = JSON.stringify(
        requests.map((request) => Buffer.from(request.serializeBinary()).toString('base64')),
      );
      const child = spawn(process.execPath, ['-e', program, node.endpoint, written], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      await append(optionsFor('killed-after'), event(1));
      expect(await stored('killed')).toEqual([]);
    });

    it('whose options do not come first is an error', async () => {
      expect((await append(event(1), optionsFor('late')))?.code).toBe(status.UNKNOWN);
      expect((await append())?.code).toBe(status.UNKNOWN);
      expect(await stored('late')).toEqual([]);
    });

    it('that says no expected revision is refused', async () => {
      const request = optionsFor('unsaid');
      request.getOptions()?.clearAny();
      expect(await append(request, event(1))).toMatchObject({ code: status.INVALID_ARGUMENT });
      expect(await stored('unsaid')).toEqual([]);
    });

    it('may give ids in two halves', async () => {
      const halves = new shared.UUID.Structured();
      halves.setMostSignificantBits('-81985529216486896');
      halves.setLeastSignificantBits('81985529216486895');
      const id = new shared.UUID();
      id.setStructured(halves);
      expect(await append(optionsFor('halves'), event(1, id))).toBeNull();
      expect(idsOf(await stored('halves'))).toEqual(['fedcba98-7654-3210-0123-456789abcdef']);
    });

    it.each(['', '00000000-0000-0000-0000-000000000000', 'not a uuid'])('refuses the id "%s"', async (id) => {
      expect(await append(optionsFor('ids'), event(1, uuid(id)))).toMatchObject({ code: status.INVALID_ARGUMENT });
    });

    it('names in its trailers what an event lacks', async () => {
      const untyped = event(1);
      untyped.getProposedMessage()?.getMetadataMap().del('content-type');
      const error = await append(optionsFor('untyped'), untyped);
      expect(error?.code).toBe(status.INVALID_ARGUMENT);
      expect(error?.metadata.get('exception')).toEqual(['missing-required-metadata-property']);
      expect(error?.metadata.get('required-metadata-properties')).toEqual(['type,content-type']);
    });

    it('is refused as soon as it is too large, not when all has come', async () => {
      const large = event(1);
      large.getProposedMessage()?.setData(Buffer.alloc(1_100_000));
      const error = await new Promise<ServiceError | null>((resolve) => {
        const call = raw.append((reason) => resolve(reason));
        call.write(optionsFor('large'));
        call.write(large);
      });
      expect(error?.metadata.get('exception')).toEqual(['maximum-append-size-exceeded']);
      expect(error?.metadata.get('maximum-append-size')).toEqual(['1048576']);
    });
  });

  describe('BatchAppend', () => {
    type Call = ClientDuplexStream<InstanceType<typeof streams.BatchAppendReq>, BatchAppendResp>;
    let call: Call;
    let answers: BatchAppendResp[];
    let news: () => void;
    beforeEach(() => {
      call = raw.batchAppend() as Call;
      answers = [];
      news = () => undefined;
      call.on('error', () => undefined);
      call.on('data', (answer: BatchAppendResp) => {
        answers.push(answer);
        news();
      });
    });
    afterEach(() => call.cancel());

    const answered = async (count: number): Promise<BatchAppendResp[]> => {
      while (answers.length < count) await new Promise<void>((resolve) => (news = resolve));
      return answers;
    };
    const chunk = (correlation: string, numbers: readonly number[], isFinal: boolean) => {
      const request = new streams.BatchAppendReq();
      request.setCorrelationId(uuid(correlation));
      request.setIsFinal(isFinal);
      for (const n of numbers) {
        const message = new streams.BatchAppendReq.ProposedMessage();
        message.setId(uuid(randomUUID()));
        describeEvent(message.getMetadataMap());
        message.setData(Buffer.from(JSON.stringify({ n })));
        request.addProposedMessages(message);
      }
      return request;
    };
    const first = (stream: string, request: InstanceType<typeof streams.BatchAppendReq>, deadlineMs = 10_000) => {
      const options = new streams.BatchAppendReq.Options();
      options.setStreamIdentifier(nameOf(stream));
      options.setAny(requireOfClientEmpty());
      options.setDeadline(Timestamp.fromDate(new Date(Date.now() + deadlineMs)));
      request.setOptions(options);
      return request;
    };
    const correlationOf = (answer: BatchAppendResp | undefined) => answer?.getCorrelationId()?.getString();

    it('puts appends together whose chunks are mixed', async () => {
      const [a, b] = [randomUUID(), randomUUID()];
      call.write(first('mixed-a', chunk(a, [1, 2], false)));
      call.write(first('mixed-b', chunk(b, [10], false)));
      call.write(chunk(a, [3], false));
      call.write(chunk(b, [11, 12], true));
      call.write(chunk(a, [4], true));
      await answered(2);
      expect(answers.every((answer) => answer.hasSuccess())).toBe(true);
      expect(new Set(answers.map(correlationOf))).toEqual(new Set([a, b]));
      expect(numbersOf(await stored('mixed-a'))).toEqual([1, 2, 3, 4]);
      expect(numbersOf(await stored('mixed-b'))).toEqual([10, 11, 12]);
    });

    it('answers for a deadline that has passed, by name, and drops what comes later', async () => {
      const [late, good] = [randomUUID(), randomUUID()];
      call.write(first('late', chunk(late, [1], false), -1_000));
      call.write(chunk(late, [2], true));
      call.write(first('good', chunk(good, [1], true)));
      const [timeout, success, ...more] = await answered(2);
      expect(correlationOf(timeout)).toBe(late);
      expect(timeout?.getError()?.getDetails()?.getTypeUrl()).toMatch(/\/event_store\.client\.Timeout$/);
      expect(Buffer.from(timeout?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe('late');
      expect([correlationOf(success), more]).toEqual([good, []]);
      expect(await stored('late')).toEqual([]);
    });

    it('names the stream in an error that a later chunk brings', async () => {
      const id = randomUUID();
      const large = chunk(id, [2], true);
      large.getProposedMessagesList()[0]?.setData(Buffer.alloc(1_100_000));
      call.write(first('велик', chunk(id, [1], false)));
      call.write(large);
      const [error] = await answered(1);
      expect(error?.getError()?.getDetails()?.getTypeUrl()).toMatch(/MaximumAppendSizeExceeded$/);
      expect(Buffer.from(error?.getStreamIdentifier()?.getStreamName_asU8() ?? []).toString()).toBe('велик');
      expect(await stored('велик')).toEqual([]);
    });

    it('answers all that was asked before it ends', async () => {
      const ended = new Promise((resolve) => call.once('end', resolve));
      for (let n = 0; n < 20; n += 1) call.write(first(`end-${n}`, chunk(randomUUID(), [n], true)));
      call.end();
      await ended;
      expect(answers).toHaveLength(20);
    });

    it('that is never completed leaves nothing', async () => {
      call.write(first('unfinished', chunk(randomUUID(), [1, 2], false)));
      call.write(first('finished', chunk(randomUUID(), [1], true)));
      await answered(1);
      call.cancel();
      expect(await stored('unfinished')).toEqual([]);
    });
  });

  describe('Read', () => {
    const request = (change: (options: InstanceType<typeof streams.ReadReq.Options>) => void) => {
      const options = new streams.ReadReq.Options();
      const all$ = new streams.ReadReq.Options.AllOptions();
      all$.setStart(new shared.Empty());
      options.setAll(all$);
      const uuidOption = new streams.ReadReq.Options.UUIDOption();
      uuidOption.setString(new shared.Empty());
      options.setUuidOption(uuidOption);
      options.setNoFilter(new shared.Empty());
      options.setCount('10');
      change(options);
      const read = new streams.ReadReq();
      read.setOptions(options);
      return read;
    };
    const codeOf = (read: InstanceType<typeof streams.ReadReq>) =>
      new Promise<number>((resolve) => {
        const call = raw.read(read);
        call.on('data', (_reply: ReadResp) => undefined);
        call.on('error', (error: ServiceError) => resolve(error.code));
        call.on('end', () => resolve(status.OK));
      });

    it('answers a whole request, and refuses one that leaves something out or asks the impossible', async () => {
      const subscription = new streams.ReadReq.Options.SubscriptionOptions();
      const emptyFilter = new streams.ReadReq.Options.FilterOptions();
      emptyFilter.setCheckpointintervalmultiplier(1);
      expect(await codeOf(request(() => undefined))).toBe(status.OK);
      expect(await codeOf(request((options) => options.clearUuidOption()))).toBe(status.INVALID_ARGUMENT);
      expect(await codeOf(request((options) => options.clearAll()))).toBe(status.INVALID_ARGUMENT);
      expect(await codeOf(request((options) => options.setFilter(emptyFilter)))).toBe(status.INVALID_ARGUMENT);
      const backwards = request((options) => {
        options.setSubscription(subscription);
        options.setReadDirection(1);
      });
      expect(await codeOf(backwards)).toBe(status.INVALID_ARGUMENT);
      const unfiltered = request((options) => {
        options.setSubscription(subscription);
        options.setFilter(emptyFilter);
      });
      expect(await codeOf(unfiltered)).toBe(status.INVALID_ARGUMENT);
      expect(await codeOf(new streams.ReadReq())).toBe(status.INVALID_ARGUMENT);
    });
  });
});

function requireOfClientEmpty() {
  const { Empty } = requireOfClient(
    'google-protobuf/google/protobuf/empty_pb.js',
  ) as typeof import('google-protobuf/google/protobuf/empty_pb.js');
  return new Empty();
}
