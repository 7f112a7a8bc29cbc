// The way out: a form that is sent as it is, so that signing out needs no open connection.
// Takes {label, action}.

export default function ({ data, parentElement }) {
  const form = parentElement.querySelector("form") ?? parentElement.appendChild(made());
  form.action = data.action;
  const button = form.querySelector("button");
  if (button.textContent !== data.label) button.textContent = data.label;
}

function made() {
  const form = document.createElement("form");
  form.method = "post";
  const button = document.createElement("button");
  button.type = "submit";
  form.append(button);
  return form;
}
