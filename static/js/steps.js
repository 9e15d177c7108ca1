// On a narrow screen the steps scroll sideways: bring the current one into sight.

const here = document.querySelector(".steps [aria-current]");
const list = here?.closest("ol");

if (list && list.scrollWidth > list.clientWidth) {
  list.scrollLeft = here.offsetLeft - list.offsetLeft - (list.clientWidth - here.offsetWidth) / 2;
}
