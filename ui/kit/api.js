// Talks to our own routes. Knows nothing about pages. A refusal by the server is an ApiError with its sentence; a
// server that does not answer is a ServerGone, so that pages can keep what they have and try again. A session that has
// ended is a SessionEnded; session_end.js decides whether the page stays. Requests made by a timer set ``byClock``: while
// nobody touches the page they do not keep the session alive.
import { inUse } from "./activity.js";
import { sessionEnded, sessionIsThere } from "./session_end.js";

export class ApiError extends Error {
  constructor(status, message, body) {
    super(message);
    this.status = status;
    this.body = body;
  }
}

export class SessionEnded extends ApiError {
  constructor() {
    super(401, "Your session has ended. Sign in again.", null);
  }
}

export class ServerGone extends Error {}

/**
 * @param {string} method @param {string} path @param {any} [body] JSON, or a form
 * @param {RequestInit & {byClock?: boolean}} [options]
 */
export async function request(method, path, body, { byClock = false, ...options } = {}) {
  const headers = { "X-LMRRG-Page": "1" };
  if (byClock && !inUse()) headers["X-Background"] = "1";
  let payload = body;
  if (body !== undefined && !(body instanceof FormData)) {
    headers["Content-Type"] = "application/json";
    payload = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, { method, headers, body: payload, credentials: "same-origin", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ServerGone("The server does not answer.");
  }
  if (response.status === 401) {
    sessionEnded();
    throw new SessionEnded();
  }
  if (response.status >= 502 && response.status <= 504) throw new ServerGone("The server does not answer.");
  sessionIsThere();
  if (!response.ok) {
    const answer = await response.json().catch(() => null);
    const message = typeof answer?.error === "string" ? answer.error : `The server refused this (${response.status}).`;
    throw new ApiError(response.status, message, answer);
  }
  return response;
}

export const get = async (path, options) => (await request("GET", path, undefined, options)).json();
export const post = async (path, body, options) => (await request("POST", path, body ?? {}, options)).json();
export const put = async (path, body, options) => (await request("PUT", path, body, options)).json();

// Reads a streamed answer of one JSON object a line.
export async function* lines(path, body, options) {
  const response = await request("POST", path, body ?? {}, options);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let kept = "";
  for (;;) {
    let chunk;
    try {
      chunk = await reader.read();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new ServerGone("The server stopped answering.");
    }
    if (chunk.done) break;
    kept += chunk.value;
    const parts = kept.split("\n");
    kept = parts.pop();
    for (const part of parts) if (part) yield JSON.parse(part);
  }
}
