import gossip from '@eventstore/db-client/generated/gossip_pb.js';
import serverFeatures from '@eventstore/db-client/generated/serverfeatures_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';

/** The version whose behaviour the node keeps to. */
export const EMULATED_VERSION = '24.10.0';

/** What the node can do; a client chooses its ways by it. Names are in lower case, as servers write them. */
export function supportedMethods(advertiseBatchAppend: boolean) {
  const methods = new serverFeatures.SupportedMethods();
  methods.setEventStoreServerVersion(EMULATED_VERSION);
  const add = (service: string, method: string, features: readonly string[] = []): void => {
    const supported = new serverFeatures.SupportedMethod();
    supported.setServiceName(service);
    supported.setMethodName(method);
    supported.setFeaturesList([...features]);
    methods.addMethods(supported);
  };
  const streams = 'event_store.client.streams.streams';
  add(streams, 'append');
  add(streams, 'read', ['position', 'events']);
  if (advertiseBatchAppend) add(streams, 'batchappend', ['deadline_duration']);
  add('event_store.client.gossip.gossip', 'read');
  add('event_store.client.server_features.serverfeatures', 'getsupportedmethods');
  return methods;
}

/** A cluster of one: this node, its leader. */
export function clusterOfOne(address: string, port: number, instanceId: string) {
  const member = new gossip.MemberInfo();
  const id = new shared.UUID();
  id.setString(instanceId);
  member.setInstanceId(id);
  member.setTimeStamp(String(BigInt(Date.now()) * 10_000n));
  member.setState(gossip.MemberInfo.VNodeState.LEADER);
  member.setIsAlive(true);
  const endpoint = new gossip.EndPoint();
  endpoint.setAddress(address);
  endpoint.setPort(port);
  member.setHttpEndPoint(endpoint);
  const info = new gossip.ClusterInfo();
  info.addMembers(member);
  return info;
}
