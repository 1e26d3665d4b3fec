// The gateway's own API, by the session's cookie.

/** An answer that is no success; `status` is 0 when there was none. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function get(path, parameters) {
  const query = new URLSearchParams(Object.entries(parameters ?? {}).filter(([, value]) => value !== "" && value != null));
  return send("GET", query.size === 0 ? path : `${path}?${query}`);
}

export async function send(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(0, "The gateway does not answer.");
  }
  if (answer.status === 401) {
    location.replace("/dashboard/login" + location.hash);
    // The page is about to go; nobody should go on meanwhile.
    return new Promise(() => {});
  }
  if (!answer.ok) {
    throw new ApiError(answer.status, await reason(answer));
  }
  return answer.status === 204 ? null : answer.json();
}

/** What an error body of any of the gateway's doors says. */
export async function reason(answer) {
  const text = await answer.text();
  try {
    const { error } = JSON.parse(text);
    return error.message ?? `The gateway answered ${answer.status}.`;
  } catch {
    return `The gateway answered ${answer.status}.`;
  }
}
