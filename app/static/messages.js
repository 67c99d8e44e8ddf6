// Renews the previews while somebody writes; without it the button "preview" does the same.
const form = document.getElementById("words");
const previews = document.getElementById("previews");
let timer = 0;
let asked = 0;

async function renew() {
  const mine = ++asked;
  const answer = await fetch(previews.dataset.address, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
  });
  if (answer.ok && mine === asked) {
    previews.innerHTML = await answer.text();
  }
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(renew, 300);
});
