// The shop's own script: a cart, and what ties the chat to it.
const cart = JSON.parse(sessionStorage.getItem("cart") ?? "[]");

function put(title) {
  cart.push(title);
  sessionStorage.setItem("cart", JSON.stringify(cart));
  show();
}

function show() {
  document.getElementById("count").textContent = cart.length;
  const lines = cart.map((title) => Object.assign(document.createElement("li"), { textContent: title }));
  document.getElementById("cart").replaceChildren(...lines);
}

// A tap on "Add to cart" in the chat. Without preventDefault the chat opens the product's page instead.
document.addEventListener("aisle:add-to-cart", (event) => {
  event.preventDefault();
  put(event.detail.title);
});

document.addEventListener("click", (event) => {
  if (event.target.matches("[data-add]")) put(event.target.dataset.title);
  // Commands may be given before the chat is there: they wait.
  if (event.target.matches("[data-ask]")) (window.Aisle = window.Aisle || []).push(["open"]);
});

show();
