// While codes are being made, the page is fetched anew every two seconds.
document.addEventListener("DOMContentLoaded", () => {
  if (document.querySelector("[data-open]") && !document.querySelector("form .errorlist")) {
    setTimeout(() => location.reload(), 2000);
  }
});
