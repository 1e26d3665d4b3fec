const form = document.getElementById("login");
const field = document.getElementById("key");
const problem = document.getElementById("problem");
const button = form.querySelector("button");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  button.disabled = true;
  problem.textContent = await logIn(field.value.trim());
  if (problem.textContent === "") {
    location.replace("/dashboard" + location.hash);
    return;
  }
  field.setAttribute("aria-invalid", "true");
  button.disabled = false;
  field.select();
  field.focus();
});

/** Gives what went wrong, or nothing. */
async function logIn(key) {
  if (!/^[\x21-\x7e]+$/.test(key)) {
    return "That is not the admin key."; // No header could carry it.
  }
  try {
    const answer = await fetch("/admin/session", { method: "POST", headers: { authorization: `Bearer ${key}` } });
    return answer.ok ? "" : await reason(answer);
  } catch {
    return "The gateway does not answer. Is it running?";
  }
}

async function reason(answer) {
  if (answer.status === 401) {
    return "That is not the admin key.";
  }
  try {
    return (await answer.json()).error.message;
  } catch {
    return `The gateway answered ${answer.status}.`;
  }
}
