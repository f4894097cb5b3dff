// Connections to webhooks, kept alive between calls: one agent for each webhook of the current configurations.
import { Agent } from 'node:https';
import type { WebhookClientConfig } from './configuration.ts';

/** To one address: what calls may open at once, and what stays open unused. */
const SOCKETS_MAX = 64;
const IDLE_SOCKETS_MAX = 4;
/** As Go's IdleConnTimeout. */
const IDLE_MS = 90_000;

export interface WebhookConnections {
  /** The agent for calls with this client configuration; known by identity. */
  agentOf(config: WebhookClientConfig): Agent;
  /** Forgets all agents: idle connections close now, those in use after their answer. */
  retire(): void;
  /** Closes every connection, also those in use. */
  close(): void;
}

export function webhookConnections(): WebhookConnections {
  const agents = new Map<WebhookClientConfig, Agent>();
  return {
    agentOf(config) {
      const known = agents.get(config);
      if (known) return known;
      const agent = new Agent({
        keepAlive: true,
        maxSockets: SOCKETS_MAX,
        maxFreeSockets: IDLE_SOCKETS_MAX,
        timeout: IDLE_MS,
        ...(config.caBundle ? { ca: Buffer.from(config.caBundle, 'base64') } : {}),
      });
      agents.set(config, agent);
      return agent;
    },
    retire() {
      for (const agent of agents.values()) retireAgent(agent);
      agents.clear();
    },
    close() {
      for (const agent of agents.values()) agent.destroy();
      agents.clear();
    },
  };
}

function retireAgent(agent: Agent): void {
  agent.maxFreeSockets = 0;
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}
