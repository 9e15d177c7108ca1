"""Groups of a class."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import grouping, members, own
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.class_forms import GroupForm, choices
from quizapp.web.teacher.classes import A_CLASS, NUMBER, now


@blueprint.route(f"{A_CLASS}/groups", methods=["GET", "POST"])
@allowed("teach classes")
def show_groups(class_id: int) -> ResponseReturnValue:
    """The groups, and a new one."""
    session, teacher_id = transactions.session(), current_user.id
    school_class = own.taught(session, class_id, teacher_id)
    form = GroupForm()
    made = form.result(lambda: grouping.create(session, class_id, form.name.data, teacher_id=teacher_id, now=now()))
    if made is None:
        found = members.groups(session, class_id)
        named = {one.person.id: one.sorted_name for one in members.students(session, class_id)}
        page = render_template("teacher/groups.html", school_class=school_class, groups=found, named=named, form=form)
        return page, Mistakes.status if form.is_submitted() else 200
    transactions.commit()
    flash(f"{made.name} is made. Choose who is in it.", "right")
    return redirect(url_for("teacher.edit_group", class_id=class_id, group_id=made.id), 303)


@blueprint.route(f"{A_CLASS}/groups/<{NUMBER}:group_id>", methods=["GET", "POST"])
@allowed("teach classes")
def edit_group(class_id: int, group_id: int) -> ResponseReturnValue:
    """The name of a group and its students."""
    session, teacher_id = transactions.session(), current_user.id
    school_class = own.taught(session, class_id, teacher_id)
    group = members.group_row(session, class_id, group_id)
    inside = {one.id: one.members for one in members.groups(session, class_id)}[group_id]
    form = GroupForm(name=group.name, students=list(inside))
    form.students.choices = choices((one.person.id, one.sorted_name) for one in members.students(session, class_id))
    done = form.result(lambda: _change(class_id, group_id, form, teacher_id))
    if done is None:
        page = render_template("teacher/group.html", school_class=school_class, group=group, form=form)
        return page, Mistakes.status if form.is_submitted() else 200
    transactions.commit()
    flash("Saved.", "right")
    return redirect(url_for("teacher.show_groups", class_id=class_id), 303)


def _change(class_id: int, group_id: int, form: GroupForm, teacher_id: int) -> bool:
    name, chosen = form.name.data, form.students.data or ()
    grouping.change(transactions.session(), class_id, group_id, name, chosen, teacher_id=teacher_id, now=now())
    return True


@blueprint.post(f"{A_CLASS}/groups/<{NUMBER}:group_id>/delete")
@allowed("teach classes")
def delete_group(class_id: int, group_id: int) -> ResponseReturnValue:
    """Delete a group; its students stay in the class."""
    name = grouping.delete(transactions.session(), class_id, group_id, teacher_id=current_user.id, now=now())
    transactions.commit()
    flash(f"The group {name} is deleted. Its students stay in the class.", "right")
    return redirect(url_for("teacher.show_groups", class_id=class_id), 303)
